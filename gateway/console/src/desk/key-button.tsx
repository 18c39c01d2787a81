/** A button of the desk with its key written on it. */
import type { DeskAction } from './keys.ts';

interface Props {
  readonly kind: Exclude<DeskAction['kind'], 'choose'>;
  readonly label: string;
  /** What is written on the key. */
  readonly cap: string;
  readonly look?: 'primary' | 'danger' | 'quiet';
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onAction: (action: DeskAction) => void;
}

export function KeyButton({ kind, label, cap, look, pressed, disabled, onAction }: Props) {
  return (
    <button
      type="button"
      class={look}
      aria-pressed={pressed}
      disabled={disabled}
      data-action={kind}
      onClick={() => onAction({ kind })}
    >
      {label} <kbd>{cap}</kbd>
    </button>
  );
}
