/** What has just been decided, what became of it, and for how long it can be taken back. It has its own strip, so that it covers and moves nothing. */
import { Said } from '../outbox/said.tsx';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { type Act, ActionButton } from './action-button.tsx';
import { HELP, UNDO } from './actions.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState } from './desk-state.ts';
import { capText } from './keys.ts';
import { useKeysOf } from './use-bindings.ts';
import { isVerdict, latestStanding, recent, standingOf, type Verdict, whyNotUndo } from './verdict-list.ts';

interface Props {
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
  readonly onEvent: (event: DeskEvent) => void;
}

export function RecallBar({ state, now, onAct, onEvent }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const { verdicts, delivery } = state;
  const latest = latestStanding(verdicts);
  const [key] = useKeysOf(UNDO);
  const caps = key === undefined ? null : <kbd>{capText(key, texts)}</kbd>;
  const undo = (verdict: Verdict) => (
    <button
      type="button"
      onClick={() => onEvent({ kind: 'undo_asked', key: verdict.key })}
      data-action="undo"
    >
      {UNDO.label(texts, state, language)} {verdict === latest ? caps : null}
    </button>
  );
  return (
    <section class="recall" aria-label={texts.lastVerdicts}>
      {recent(verdicts, now).map((verdict) => (
        <div key={verdict.key} class={`verdict ${standingOf(verdict, verdicts)}`}>
          <span class="subject">
            {verdict.decision.kind === 'reject_many'
              ? texts.batch.subject(verdict.decision.alerts.length)
              : texts.verdictOf(damageName(verdict.damageClass, language), verdict.where[language])}
          </span>
          <span class="said figures">
            <Said entry={undoingOf(verdict, verdicts) ?? verdict} now={now} problem={delivery} />
          </span>
          {whyNotUndo(verdict, verdicts, now) === null ? undo(verdict) : null}
        </div>
      ))}
      <span class="gap" />
      <ActionButton action={HELP} state={state} now={now} onAct={onAct} />
    </section>
  );
}

/** What has been given to take it back. */
function undoingOf(verdict: Verdict, verdicts: DeskState['verdicts']) {
  return verdicts.find(
    (entry) => !isVerdict(entry) && entry.decision.kind === 'undo' && entry.decision.of === verdict.key,
  );
}
