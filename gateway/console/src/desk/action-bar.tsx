/** Verdicts as buttons, with the keys that do the same; the menu that N or S opens lies above them and moves nothing. */
import { useTexts } from '../shared/language.ts';
import { REJECT_REASONS, SHELVE_CHOICES } from './choices.ts';
import { KeyButton } from './key-button.tsx';
import type { DeskAction } from './keys.ts';

export type Menu = 'reject' | 'shelve' | null;

interface Props {
  readonly menu: Menu;
  readonly mayJudge: boolean;
  /** Somebody else holds the alert, or has judged it. */
  readonly blocked: boolean;
  readonly claimed: boolean;
  readonly onAction: (action: DeskAction) => void;
}

export function ActionBar({ menu, mayJudge, blocked, claimed, onAction }: Props) {
  const { actions, keyName, readOnly } = useTexts();
  return (
    <div class="actions">
      {menu === null ? null : <ChoiceMenu menu={menu} onAction={onAction} />}
      {mayJudge ? (
        <>
          <KeyButton
            kind="confirm"
            disabled={blocked}
            label={actions.confirm}
            cap={keyName.enter}
            look="primary"
            onAction={onAction}
          />
          <KeyButton
            kind="reject"
            disabled={blocked}
            label={actions.reject}
            cap="N"
            look="danger"
            onAction={onAction}
          />
          <KeyButton kind="shelve" disabled={blocked} label={actions.shelve} cap="S" onAction={onAction} />
          <KeyButton
            kind="claim"
            disabled={blocked}
            label={claimed ? actions.release : actions.claim}
            cap="C"
            pressed={claimed}
            onAction={onAction}
          />
        </>
      ) : (
        <span class="hint">{readOnly}</span>
      )}
      <span class="gap" />
      <KeyButton kind="previous" label={actions.previous} cap="K" look="quiet" onAction={onAction} />
      <KeyButton kind="next" label={actions.next} cap="J" look="quiet" onAction={onAction} />
    </div>
  );
}

function ChoiceMenu({
  menu,
  onAction,
}: {
  readonly menu: 'reject' | 'shelve';
  readonly onAction: Props['onAction'];
}) {
  const texts = useTexts();
  const labels =
    menu === 'reject'
      ? REJECT_REASONS.map((reason) => texts.rejectReason[reason])
      : SHELVE_CHOICES.map((choice) => texts.shelveChoice[choice]);
  return (
    <fieldset class="choices">
      <legend>
        {menu === 'reject' ? texts.whyReject : texts.shelveUntil}
        <button type="button" class="quiet" onClick={() => onAction({ kind: 'cancel' })}>
          {texts.cancel} <kbd>{texts.keyName.escape}</kbd>
        </button>
      </legend>
      {labels.map((label, index) => (
        <button key={label} type="button" onClick={() => onAction({ kind: 'choose', index })}>
          <kbd>{index + 1}</kbd> {label}
        </button>
      ))}
    </fieldset>
  );
}
