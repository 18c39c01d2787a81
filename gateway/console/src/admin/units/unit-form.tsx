/** Everything that can be said of one unit. */
import type { DamageClass } from '@roadwatch/contract';
import { useLanguage } from '../../shared/texts/language.ts';
import { ALERTING } from '../damage-classes.ts';
import { Field } from '../settings/field.tsx';
import { useAdminTexts } from '../texts/index.ts';
import { AreaField } from './area-field.tsx';
import { ChannelForm } from './channel-form.tsx';
import { Contacts } from './contacts.tsx';
import type { DraftUnit } from './draft.ts';

interface Props {
  readonly unit: DraftUnit;
  readonly onChange: (unit: DraftUnit) => void;
  readonly onRemove: () => void;
}

export function UnitForm({ unit, onChange, onRemove }: Props) {
  const texts = useAdminTexts();
  const { units } = texts;
  const at = `units.${unit.id}`;
  const nameField = (language: 'en' | 'zh', label: string) => (
    <Field path={`${at}.name.${language}`} label={label}>
      <input
        required
        maxLength={200}
        name={`${unit.id}.name.${language}`}
        value={unit.name[language]}
        onInput={({ currentTarget }) =>
          onChange({ ...unit, name: { ...unit.name, [language]: currentTarget.value } })
        }
      />
    </Field>
  );
  return (
    <div class="unit-form">
      <div class="fields">
        {nameField('zh', units.nameZh)}
        {nameField('en', units.nameEn)}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={unit.default}
          disabled={unit.default}
          onChange={() => onChange({ ...unit, default: true })}
        />
        {units.default}
      </label>
      <Classes classes={unit.classes} onChange={(classes) => onChange({ ...unit, classes })} />
      <AreaField path={`${at}.area`} area={unit.area} onChange={(area) => onChange({ ...unit, area })} />
      <ChannelForm
        path={`${at}.channel`}
        channel={unit.channel}
        onChange={(channel) => onChange({ ...unit, channel })}
      />
      <Contacts
        path={`${at}.contacts`}
        contacts={unit.contacts}
        onChange={(contacts) => onChange({ ...unit, contacts })}
      />
      <button type="button" class="danger" disabled={unit.default} onClick={onRemove}>
        {texts.remove}
      </button>
    </div>
  );
}

interface ClassesProps {
  readonly classes: readonly DamageClass[] | null;
  readonly onChange: (classes: readonly DamageClass[] | null) => void;
}

/** None chosen: all. */
function Classes({ classes, onChange }: ClassesProps) {
  const { units: texts } = useAdminTexts();
  const language = useLanguage();
  const chosen = classes ?? [];
  const toggle = (name: DamageClass): void => {
    const now = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
    onChange(now.length === 0 ? null : now);
  };
  return (
    <fieldset class="checks">
      <legend>
        {texts.classes} {classes === null ? <small>({texts.allClasses})</small> : null}
      </legend>
      {ALERTING.map(({ name, label }) => (
        <label key={name}>
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
          {label[language]}
        </label>
      ))}
    </fieldset>
  );
}
