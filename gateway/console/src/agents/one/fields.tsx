/** The fields of the form: each with its range or what the file says, and with what is wrong with it beside it. */
import type { BoxProblem } from '@roadwatch/contract/box-settings.ts';
import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useLanguage } from '../../shared/texts/language.ts';

/** What the gateway or the box has said of what was sent. */
export const ProblemsContext = createContext<readonly BoxProblem[]>([]);

interface Props {
  /** As `path` of a problem; what lies below it is told here, too. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ComponentChildren;
}

export function Field({ path, label, hint, children }: Props) {
  const language = useLanguage();
  const wrong = useContext(ProblemsContext).filter(
    (problem) => problem.path === path || problem.path.startsWith(`${path}.`),
  );
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given
    <label class="field" data-wrong={wrong.length > 0}>
      <span>{label}</span>
      {children}
      {wrong.length > 0 ? (
        <small class="problem">{wrong.map((problem) => problem[language]).join(' ')}</small>
      ) : hint === undefined ? null : (
        <small>{hint}</small>
      )}
    </label>
  );
}

interface TextProps extends Omit<Props, 'children'> {
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly maxLength: number;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}

export function TextField({ value, placeholder, maxLength, disabled, onChange, ...field }: TextProps) {
  return (
    <Field {...field}>
      <input
        {...{ value, placeholder, maxLength, disabled }}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </Field>
  );
}

interface ChoiceProps extends Omit<Props, 'children'> {
  /** Empty: the first. */
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}

export function ChoiceField({ value, choices, disabled, onChange, ...field }: ChoiceProps) {
  return (
    <Field {...field}>
      <select
        value={value}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {choices.map(([choice, label]) => (
          <option key={choice} value={choice}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}
