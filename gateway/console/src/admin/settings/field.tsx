/** One field of a form, with what is wrong with it beside it. */
import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Problem } from '../../shared/api/problem.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { useAdminTexts } from '../texts/index.ts';

/** What the gateway has said of what was sent. */
export const FieldsContext = createContext<Problem | null>(null);

/** What is wrong with a field; null when nothing is known to be. */
export function useFieldProblem(path: string): string | null {
  const problem = useContext(FieldsContext);
  const language = useLanguage();
  const texts = useAdminTexts();
  if (problem === null) return null;
  const known = problem.fields.filter((field) => field.path === path || field.path.startsWith(`${path}.`));
  if (known.length > 0) return known.map((field) => field[language]).join(' ');
  // Of what a schema refuses only the sentence of the gateway names the field: `document/hours/0: must be string`.
  const named = problem.code === 'fields_invalid' && problem.fields.length === 0;
  const pointer = `document/${path.replaceAll('.', '/')}`;
  return named && `${problem.message} `.split(/[; ]/).some((word) => word === `${pointer}:`)
    ? texts.wrong
    : null;
}

interface Props {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}

export function Field({ path, label, hint, children }: Props) {
  const problem = useFieldProblem(path);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given
    <label class="field" data-wrong={problem !== null}>
      <span>{label}</span>
      {children}
      {problem === null ? (
        hint === undefined ? null : (
          <small>{hint}</small>
        )
      ) : (
        <small class="problem" role="alert">
          {problem}
        </small>
      )}
    </label>
  );
}

interface NumberProps {
  readonly path: string;
  readonly label: string;
  readonly value: number | null;
  readonly range: { readonly minimum: number; readonly maximum: number };
  readonly whole?: boolean;
  readonly placeholder?: string;
  readonly onChange: (value: number | null) => void;
}

/** `null` where nothing is typed. */
export function NumberField({ path, label, value, range, whole, placeholder, onChange }: NumberProps) {
  const texts = useAdminTexts();
  const { minimum, maximum } = range;
  const outside = value !== null && (value < minimum || value > maximum);
  return (
    <Field path={path} label={label} hint={texts.between(minimum, maximum)}>
      <input
        type="number"
        name={path}
        min={minimum}
        max={maximum}
        step={whole ? 1 : 'any'}
        value={value ?? ''}
        placeholder={placeholder}
        aria-invalid={outside}
        onInput={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? null : currentTarget.valueAsNumber)
        }
      />
    </Field>
  );
}
