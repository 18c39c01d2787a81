/** The form by which a desk says what it looks for. Each answer is an address of its own, so that Back leads to the one before. */
import { useEffect, useRef } from 'preact/hooks';
import { Choice, CommonFields } from '../../shared/narrowing/fields.tsx';
import { narrowedTo } from '../../shared/narrowing/narrowed.ts';
import { at } from '../../shared/route/base.ts';
import { navigate } from '../../shared/route/route.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';
import { type DeskFilter, type FilterField, filterOf, STATES_SOUGHT } from './filter.ts';

const PLACES = ['damageClass', 'camera', 'unit', 'area'] as const;
const DAYS = ['from', 'to'] as const;

interface Props {
  readonly filter: DeskFilter;
  readonly onClose: () => void;
}

export function FilterForm({ filter: { narrowed }, onClose }: Props) {
  const { finding: texts, ticketList, close } = useTexts();
  const wall = useWallClock();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const set = (name: FilterField, value: string): void =>
    navigate(at(`/${filterOf(narrowedTo(narrowed, name, value), wall).search}`));
  const words = (name: 'text' | 'number', label: string, more: object) => (
    <label>
      {label}
      <input
        type="search"
        name={name}
        defaultValue={narrowed[name] ?? ''}
        key={narrowed[name]}
        {...more}
        onChange={({ currentTarget: field }) => {
          if (field.reportValidity()) set(name, field.value.trim());
        }}
      />
    </label>
  );
  return (
    <search class="finding">
      <form
        ref={form}
        class="narrowings"
        aria-label={ticketList.filters}
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={({ key }) => {
          if (key === 'Escape') onClose();
        }}
      >
        {words('text', texts.text, { maxLength: 100 })}
        {words('number', texts.number, { pattern: '[A-Za-z0-9\\-]{1,40}', title: texts.numberHint })}
        <CommonFields fields={PLACES} narrowed={narrowed} fromLabel={texts.from} set={set} />
        <Choice
          name="state"
          label={texts.state}
          any={texts.waits}
          value={narrowed.state ?? ''}
          options={STATES_SOUGHT.map((state) => [state, texts.states[state]])}
          onChange={(value) => set('state', value)}
        />
        <CommonFields fields={DAYS} narrowed={narrowed} fromLabel={texts.from} set={set} />
        <button type="button" onClick={onClose}>
          {close}
        </button>
      </form>
    </search>
  );
}
