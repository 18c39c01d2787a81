/** The fields by which every list of damage can be narrowed: what, whose, where and when. */
import { DAMAGE_CLASSES } from '@roadwatch/contract/damage-class.ts';
import { useApi } from '../api/use-api.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { damageName } from '../texts/damage.ts';
import { useLanguage, useTexts } from '../texts/language.ts';
import { CameraField } from './camera-field.tsx';
import type { Narrowed } from './narrowed.ts';

type NamedField = 'damageClass' | 'unit' | 'area';
type CommonField = NamedField | 'camera' | 'from' | 'to';

interface Props<Name extends CommonField> {
  readonly fields: readonly Name[];
  readonly narrowed: Narrowed<Name>;
  /** What the days are those of. */
  readonly fromLabel: string;
  readonly set: (name: Name, value: string) => void;
}

export function CommonFields<Name extends CommonField>({ fields, narrowed, fromLabel, set }: Props<Name>) {
  const { ticketList: texts, tickets: facts } = useTexts();
  const names = useNames();
  const labels: Readonly<Record<CommonField, readonly [label: string, any: string]>> = {
    damageClass: [facts.damage, texts.anyClass],
    camera: [facts.camera, texts.anyCamera],
    unit: [facts.unit, texts.anyUnit],
    area: [facts.place, texts.anyArea],
    from: [fromLabel, ''],
    to: [texts.to, ''],
  };
  return (
    <>
      {fields.map((field) => {
        const [label, any] = labels[field];
        const value = narrowed[field] ?? '';
        if (field === 'from' || field === 'to')
          return (
            <label key={field}>
              {label}
              <input
                type="date"
                name={field}
                value={value}
                onChange={(event) => set(field, event.currentTarget.value)}
              />
            </label>
          );
        if (field === 'camera')
          return (
            <CameraField key={field} {...{ label, any, value }} onChange={(chosen) => set(field, chosen)} />
          );
        const options = names[field as NamedField];
        if (field === 'area' && options.length === 0) return null;
        return (
          <Choice
            key={field}
            {...{ name: field, label, any, value, options }}
            onChange={(chosen) => set(field, chosen)}
          />
        );
      })}
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  /** What is chosen when nothing is. */
  readonly any: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

type Option = readonly [value: string, text: string];

export function Choice({ name, label, any, value, options, onChange }: ChoiceProps) {
  // An address may name what there is no more.
  const all = value === '' || options.some(([own]) => own === value) ? options : [...options, [value, value]];
  return (
    <label>
      {label}
      <select name={name} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{any}</option>
        {all.map(([own, text]) => (
          <option key={own} value={own}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What can be chosen in each field, by its name in the language of the page. */
export function useNames(): Readonly<Record<NamedField, readonly Option[]>> {
  const { ticketList: texts } = useTexts();
  const language = useLanguage();
  const api = useApi();
  const units = useLoaded(() => api.field.units(), [], 'units').value ?? [];
  return {
    damageClass: DAMAGE_CLASSES.filter(({ alerts }) => alerts).map(({ name }) => [
      name,
      damageName(name, language),
    ]),
    unit: units.map(({ id, name }) => [id, name[language]]),
    area: units.filter(({ hasArea }) => hasArea).map(({ id, name }) => [id, texts.areaOf(name[language])]),
  };
}
