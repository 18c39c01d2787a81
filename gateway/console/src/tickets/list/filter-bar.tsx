/** What narrows the list: words at once, the rest behind a button, so that the list has the room. */
import { DAMAGE_CLASSES } from '@roadwatch/contract/damage-class.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import type { Narrowing, Shown } from './filter.ts';

/** Somebody who still writes is not answered yet. */
const WRITING_MS = 300;

interface Props {
  readonly narrowed: Shown['narrowed'];
  readonly onNarrow: (narrowed: Shown['narrowed']) => void;
}

export function FilterBar({ narrowed, onNarrow }: Props) {
  const { ticketList: texts } = useTexts();
  const { q, ...rest } = narrowed;
  const count = Object.keys(rest).length;
  const [open, setOpen] = useState(count > 0);
  const set = (name: Narrowing, value: string): void => {
    const { [name]: _, ...others } = narrowed;
    onNarrow(value === '' ? others : { ...others, [name]: value });
  };
  return (
    <>
      <search class="bar narrow">
        <SearchField value={q ?? ''} onChange={(value) => set('q', value)} />
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

function SearchField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { ticketList: texts } = useTexts();
  const [written, setWritten] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setWritten(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      class="search"
      value={written}
      maxLength={100}
      placeholder={texts.search}
      aria-label={texts.search}
      onInput={(event) => {
        const text = event.currentTarget.value;
        setWritten(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onChange(text.trim()), WRITING_MS);
      }}
    />
  );
}

interface NarrowingsProps {
  readonly narrowed: Shown['narrowed'];
  readonly set: (name: Narrowing, value: string) => void;
}

function Narrowings({ narrowed, set }: NarrowingsProps) {
  const { ticketList: texts, tickets: facts } = useTexts();
  const language = useLanguage();
  const api = useApi();
  const units = useLoaded(() => api.field.units(), [], 'units').value ?? [];
  const cameras = useLoaded(() => api.field.cameras(), [], 'cameras').value ?? [];
  const choose = (
    name: Narrowing,
    label: string,
    any: string,
    options: readonly (readonly [string, string])[],
  ) => (
    <label>
      {label}
      <select value={narrowed[name] ?? ''} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">{any}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const day = (name: 'from' | 'to', label: string) => (
    <label>
      {label}
      <input
        type="date"
        value={narrowed[name] ?? ''}
        onChange={(event) => set(name, event.currentTarget.value)}
      />
    </label>
  );
  const areas = units.filter(({ hasArea }) => hasArea);
  return (
    <fieldset class="narrowings" aria-label={texts.filters}>
      {choose(
        'unit',
        facts.unit,
        texts.anyUnit,
        units.map(({ id, name }) => [id, name[language]]),
      )}
      {choose(
        'damageClass',
        facts.damage,
        texts.anyClass,
        DAMAGE_CLASSES.filter(({ alerts }) => alerts).map(({ name }) => [name, damageName(name, language)]),
      )}
      {choose(
        'camera',
        facts.camera,
        texts.anyCamera,
        cameras.map(({ site, agent, camera, name }) => [`${site}/${agent}/${camera}`, name[language]]),
      )}
      {areas.length === 0
        ? null
        : choose(
            'area',
            facts.place,
            texts.anyArea,
            areas.map(({ id, name }) => [id, texts.areaOf(name[language])]),
          )}
      {day('from', texts.from)}
      {day('to', texts.to)}
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
