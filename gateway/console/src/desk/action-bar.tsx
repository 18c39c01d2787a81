/** Verdicts as buttons; the menu that a verdict opens lies above them and moves nothing. */

import { mayJudge } from '../shared/person.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { type Act, ActionButton } from './action-button.tsx';
import { CLOSE, CONFIRM, MERGE, NEXT, PREVIOUS, REJECT, SHELVE } from './actions.ts';
import { Batch } from './batch.tsx';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState, Menu } from './desk-state.ts';
import { capText } from './keys.ts';
import { MENUS } from './menus.ts';

const VERDICTS = [CONFIRM, REJECT, SHELVE, MERGE];
const STEPS = [PREVIOUS, NEXT];

interface Props {
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
  readonly onEvent: (event: DeskEvent) => void;
}

export function ActionBar({ state, now, onAct, onEvent }: Props) {
  const { readOnly } = useTexts();
  const buttons = (actions: typeof VERDICTS) =>
    actions.map((action) => (
      <ActionButton key={action.name} action={action} state={state} now={now} onAct={onAct} />
    ));
  return (
    <div class="actions">
      {state.menu === null ? null : <ChoiceMenu menu={state.menu} {...{ state, now, onAct, onEvent }} />}
      {mayJudge(state.user) ? buttons(VERDICTS) : <span class="hint">{readOnly}</span>}
      <span class="gap" />
      {buttons(STEPS)}
    </div>
  );
}

function ChoiceMenu({ menu, state, now, onAct, onEvent }: Props & { readonly menu: Menu }) {
  const texts = useTexts();
  const language = useLanguage();
  const { title, choices } = MENUS[menu];
  return (
    <fieldset class="choices">
      <legend>
        {title(texts, state)}
        <ActionButton action={CLOSE} state={state} now={now} onAct={onAct} />
      </legend>
      {menu === 'batch' ? <Batch alerts={state.batch} onEvent={onEvent} /> : null}
      {choices
        .filter(({ isThere }) => isThere?.(state) !== false)
        .map((choice) => (
          <button key={choice.name} type="button" onClick={() => onAct(choice)}>
            {choice.keys.map((key) => (
              <kbd key={capText(key, texts)}>{capText(key, texts)}</kbd>
            ))}{' '}
            {choice.label(texts, state, language)}
          </button>
        ))}
    </fieldset>
  );
}
