/** What narrows the verdicts: who gave them, of what, where and when. */
import { useState } from 'preact/hooks';
import { CommonFields } from '../shared/narrowing/fields.tsx';
import { type Narrowed, narrowedTo } from '../shared/narrowing/narrowed.ts';
import { useTexts } from '../shared/texts/language.ts';
import type { VerdictField } from './filter.ts';

const FIELDS = ['damageClass', 'camera', 'from', 'to'] as const;

interface Props {
  readonly narrowed: Narrowed<VerdictField>;
  /** Whose verdicts are on the screen, to be chosen from. */
  readonly people: readonly string[];
  readonly onNarrow: (narrowed: Narrowed<VerdictField>) => void;
}

export function FilterBar({ narrowed, people, onNarrow }: Props) {
  const { ticketList, verdicts: texts } = useTexts();
  const { outcome, ...rest } = narrowed;
  const count = Object.keys(rest).length;
  const [open, setOpen] = useState(count > 0);
  const set = (name: VerdictField, value: string): void => onNarrow(narrowedTo(narrowed, name, value));
  return (
    <>
      <search class="bar narrow">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {ticketList.filters}
          {count === 0 ? null : <b class="figures">{count}</b>}
        </button>
        {count === 0 ? null : (
          <button
            type="button"
            class="quiet"
            onClick={() => onNarrow(outcome === undefined ? {} : { outcome })}
          >
            {ticketList.clear}
          </button>
        )}
      </search>
      {open ? (
        <fieldset class="narrowings" aria-label={ticketList.filters}>
          <label>
            {texts.by}
            <input
              type="search"
              name="by"
              list="verdict-people"
              maxLength={100}
              defaultValue={narrowed.by ?? ''}
              key={narrowed.by}
              onChange={({ currentTarget }) => set('by', currentTarget.value.trim())}
            />
            <datalist id="verdict-people">
              {people.map((person) => (
                <option key={person} value={person} />
              ))}
            </datalist>
          </label>
          <CommonFields fields={FIELDS} narrowed={narrowed} fromLabel={texts.from} set={set} />
        </fieldset>
      ) : null}
    </>
  );
}
