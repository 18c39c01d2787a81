/** A number that is typed; empty is nothing. What is not within its range is told there, and not taken. */
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import { useCameraTexts } from '../texts/index.ts';

interface Props {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step?: number | 'any';
  readonly hint?: string;
  /** What an empty field means. */
  readonly empty?: string;
  readonly disabled: boolean;
  readonly onChange: (value: number | null) => void;
}

export function NumberField({
  label,
  value,
  min,
  max,
  step = 'any',
  hint,
  empty,
  disabled,
  onChange,
}: Props) {
  const texts = useCameraTexts();
  const id = useId();
  const shown = value === null ? '' : String(value);
  const [typed, setTyped] = useState(shown);
  const [wrong, setWrong] = useState(false);
  const show = (): void => {
    setTyped(shown);
    setWrong(false);
  };
  // At once: later it would take away what is being typed by then.
  useLayoutEffect(show, [shown]);
  const take = (input: HTMLInputElement): void => {
    setTyped(input.value);
    setWrong(!input.validity.valid);
    if (!input.validity.valid) return;
    const taken = input.value === '' ? null : Number(input.value);
    if (taken !== value) onChange(taken);
  };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        {...{ value: typed, min, max, step, disabled, placeholder: empty }}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      {hint === undefined ? null : <small>{hint}</small>}
      {wrong ? (
        <small class="problem" id={`${id}-wrong`} role="alert">
          {texts.between(min, max)}
        </small>
      ) : null}
    </p>
  );
}
