/** The units: one line each, one of them open to be changed. */
import { useState } from 'preact/hooks';
import { useLanguage } from '../../shared/texts/language.ts';
import { ALERTING } from '../damage-classes.ts';
import { SettingsFrame } from '../settings/frame.tsx';
import { useSettings } from '../settings/use-settings.ts';
import { useAdminTexts } from '../texts/index.ts';
import { type DraftUnit, newUnit, UNITS_FORM } from './draft.ts';
import { TestButton } from './test-button.tsx';
import { UnitForm } from './unit-form.tsx';

export function Units() {
  const texts = useAdminTexts();
  const settings = useSettings(UNITS_FORM);
  const { draft, set, dirty } = settings;
  const [open, setOpen] = useState<string | null>(null);
  const change = (unit: DraftUnit): void => {
    if (draft === null) return;
    // Only one gets what no other is for.
    const others = unit.default
      ? Object.fromEntries(Object.entries(draft).map(([id, other]) => [id, { ...other, default: false }]))
      : draft;
    set({ ...others, [unit.id]: unit });
  };
  const remove = (unit: DraftUnit): void => {
    if (draft === null || !confirm(texts.units.removeSure(unit.name.zh))) return;
    const { [unit.id]: _, ...others } = draft;
    set(others);
    setOpen(null);
  };
  const add = (id: string): void => {
    if (draft === null || draft[id] !== undefined) return;
    set({ ...draft, [id]: newUnit(id) });
    setOpen(id);
  };
  return (
    <SettingsFrame section="units" title={texts.pages.units} hint={texts.units.hint} settings={settings}>
      {draft === null ? null : (
        <>
          <ul class="units">
            {Object.values(draft).map((unit) => (
              <li key={unit.id} class="unit">
                <Line
                  unit={unit}
                  isOpen={open === unit.id}
                  onOpen={() => setOpen(open === unit.id ? null : unit.id)}
                >
                  {dirty || unit.channel.kind === 'desk' ? null : <TestButton id={unit.id} />}
                </Line>
                {open === unit.id ? (
                  <UnitForm unit={unit} onChange={change} onRemove={() => remove(unit)} />
                ) : null}
              </li>
            ))}
          </ul>
          <NewUnit onAdd={add} />
        </>
      )}
    </SettingsFrame>
  );
}

interface LineProps {
  readonly unit: DraftUnit;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly children: preact.ComponentChildren;
}

function Line({ unit, isOpen, onOpen, children }: LineProps) {
  const texts = useAdminTexts();
  const language = useLanguage();
  const { name, classes, area, channel } = unit;
  const lost =
    'hasSecret' in channel && !channel.hasSecret && channel.secret === undefined && channel.url !== '';
  return (
    <div class="bar">
      <strong>{name[language]}</strong>
      {unit.default ? <span class="mark good">{texts.units.isDefault}</span> : null}
      {lost ? <span class="mark bad">{texts.units.lost}</span> : null}
      <span class="hint">
        {[
          classes === null
            ? texts.units.allClasses
            : ALERTING.filter((one) => classes.includes(one.name))
                .map((one) => one.label[language])
                .join(' · '),
          area === null ? texts.units.wholeCity : texts.units.points(area.points),
          texts.units.kind[channel.kind],
        ].join(' | ')}
      </span>
      <span class="gap" />
      {children}
      <button type="button" aria-expanded={isOpen} onClick={onOpen}>
        {isOpen ? texts.done : texts.edit}
      </button>
    </div>
  );
}

function NewUnit({ onAdd }: { readonly onAdd: (id: string) => void }) {
  const { units: texts, add } = useAdminTexts();
  const [id, setId] = useState('');
  const isGood = /^[a-z0-9][a-z0-9-]{0,62}$/.test(id);
  return (
    <div class="bar new-unit">
      <label>
        {texts.new}
        <input
          name="newUnit"
          placeholder={texts.id}
          value={id}
          aria-invalid={id !== '' && !isGood}
          onInput={({ currentTarget }) => setId(currentTarget.value)}
        />
      </label>
      <button
        type="button"
        disabled={!isGood}
        onClick={() => {
          onAdd(id);
          setId('');
        }}
      >
        {add}
      </button>
    </div>
  );
}
