/** A number that is typed; empty is nothing. What is not within its range is told there, and not taken. */
import { useEffect, useId, useState } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step?: number | 'any';
  readonly hint?: string;
  readonly disabled: boolean;
  readonly onChange: (value: number | null) => void;
}

export function NumberField({ label, value, min, max, step = 'any', hint, disabled, onChange }: Props) {
  const id = useId();
  const shown = value === null ? '' : String(value);
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  const take = (input: HTMLInputElement): void => {
    setTyped(input.value);
    if (!input.validity.valid) return;
    onChange(input.value === '' ? null : Number(input.value));
  };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        {...{ value: typed, min, max, step, disabled }}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      {hint === undefined ? null : <small>{hint}</small>}
    </p>
  );
}
