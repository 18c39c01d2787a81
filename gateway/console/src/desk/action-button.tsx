/** An action as a button, with its key written on it. */
import { useTexts } from '../shared/texts/language.ts';
import type { Action } from './action.ts';
import type { DeskState } from './desk-state.ts';
import { capText } from './keys.ts';

export type Act = (action: Action) => void;

interface Props {
  readonly action: Action;
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
}

export function ActionButton({ action, state, now, onAct }: Props) {
  const texts = useTexts();
  const [key] = action.keys;
  return (
    <button
      type="button"
      class={action.variant}
      aria-pressed={action.isOn?.(state)}
      disabled={!action.possible(state, now)}
      onClick={() => onAct(action)}
    >
      {action.label(texts, state)} {key === undefined ? null : <kbd>{capText(key, texts)}</kbd>}
    </button>
  );
}
