/** What narrows the list: words at once, the rest behind a button, so that the list has the room. */
import { useState } from 'preact/hooks';
import { CommonFields } from '../../shared/narrowing/fields.tsx';
import { narrowedTo } from '../../shared/narrowing/narrowed.ts';
import { SearchField } from '../../shared/narrowing/search-field.tsx';
import { useTexts } from '../../shared/texts/language.ts';
import type { Narrowing, Shown } from './filter.ts';

const FIELDS = ['unit', 'damageClass', 'camera', 'area', 'from', 'to'] as const;

interface Props {
  readonly narrowed: Shown['narrowed'];
  readonly onNarrow: (narrowed: Shown['narrowed']) => void;
}

export function FilterBar({ narrowed, onNarrow }: Props) {
  const { ticketList: texts } = useTexts();
  const { q, ...rest } = narrowed;
  const count = Object.keys(rest).length;
  const [open, setOpen] = useState(count > 0);
  const set = (name: Narrowing, value: string): void => onNarrow(narrowedTo(narrowed, name, value));
  return (
    <>
      <search class="bar narrow">
        <SearchField value={q ?? ''} label={texts.search} onChange={(value) => set('q', value)} />
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {texts.filters}
          {count === 0 ? null : <b class="figures">{count}</b>}
        </button>
        {count + (q === undefined ? 0 : 1) === 0 ? null : (
          <button type="button" class="quiet" onClick={() => onNarrow({})}>
            {texts.clear}
          </button>
        )}
      </search>
      {open ? <Narrowings narrowed={narrowed} set={set} /> : null}
    </>
  );
}

interface NarrowingsProps {
  readonly narrowed: Shown['narrowed'];
  readonly set: (name: Narrowing, value: string) => void;
}

function Narrowings({ narrowed, set }: NarrowingsProps) {
  const { ticketList: texts } = useTexts();
  return (
    <fieldset class="narrowings" aria-label={texts.filters}>
      <CommonFields fields={FIELDS} narrowed={narrowed} fromLabel={texts.from} set={set} />
      <label class="check">
        <input
          type="checkbox"
          checked={narrowed.overdue === 'true'}
          onChange={(event) => set('overdue', event.currentTarget.checked ? 'true' : '')}
        />
        {texts.overdueOnly}
      </label>
    </fieldset>
  );
}
