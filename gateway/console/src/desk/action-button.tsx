/** An action as a button, with its key written on it. */
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import type { Action } from './action.ts';
import type { DeskState } from './desk-state.ts';
import { capText } from './keys.ts';
import { useKeysOf } from './use-bindings.ts';
import { whyNotText } from './why-not.ts';

export type Act = (action: Action) => void;

interface Props {
  readonly action: Action;
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
}

export function ActionButton({ action, state, now, onAct }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const [key] = useKeysOf(action);
  const whyNot = action.whyNot(state, now);
  // That a picture has only just appeared is over before a button could be seen to change.
  const objection = whyNot?.why === 'notSeenYet' ? null : whyNot;
  return (
    <button
      type="button"
      class={action.variant}
      aria-pressed={action.isOn?.(state)}
      disabled={objection !== null}
      title={objection === null ? undefined : whyNotText(objection, texts)}
      data-action={action.name}
      onClick={() => onAct(action)}
    >
      {action.label(texts, state, language)} {key === undefined ? null : <kbd>{capText(key, texts)}</kbd>}
    </button>
  );
}
