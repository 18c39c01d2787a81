/** What has just been decided, and for how long it can be taken back. It has its own strip, so that it covers and moves nothing. */

import { problemText } from '../shared/api/problem-text.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { damageName } from '../shared/texts/damage.ts';
import type { Texts } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { type Act, ActionButton } from './action-button.tsx';
import { HELP, UNDO } from './actions.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState } from './desk-state.ts';
import { capText } from './keys.ts';
import { canUndo, latestToUndo, recent, type Verdict } from './verdict-list.ts';

interface Props {
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
  readonly onEvent: (event: DeskEvent) => void;
}

export function RecallBar({ state, now, onAct, onEvent }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const latest = latestToUndo(state.verdicts, now);
  const caps = UNDO.keys.map((key) => <kbd key={capText(key, texts)}>{capText(key, texts)}</kbd>);
  return (
    <section class="recall" aria-label={texts.lastVerdicts}>
      {recent(state.verdicts).map((verdict) => (
        <div key={verdict.id} class={`verdict ${verdict.state}`}>
          <span class="subject">
            {texts.verdictOf(
              damageName(verdict.alert.damageClass, language),
              verdict.alert.cameraName[language],
            )}
          </span>
          <span class="said figures">
            <Said verdict={verdict} now={now} texts={texts} />
          </span>
          {canUndo(verdict, now) ? (
            <button
              type="button"
              onClick={() => onEvent({ kind: 'undo_asked', verdict: verdict.id, at: now })}
            >
              {UNDO.label(texts, state)} {verdict === latest ? caps : null}
            </button>
          ) : null}
        </div>
      ))}
      <span class="gap" />
      <ActionButton action={HELP} state={state} now={now} onAct={onAct} />
    </section>
  );
}

function Said({
  verdict,
  now,
  texts,
}: {
  readonly verdict: Verdict;
  readonly now: number;
  readonly texts: Texts;
}) {
  const { shortTime } = useWallClock();
  const { state, decision, ticket, problem } = verdict;
  if (state === 'failed' && problem !== null) return <>{problemText(problem, texts)}</>;
  if (state === 'undone') return <>{texts.undone}</>;
  if (decision.kind === 'reject') {
    return (
      <>
        {texts.rejected}: {texts.rejectReason[decision.reason]}
      </>
    );
  }
  if (decision.kind === 'shelve') return <>{texts.shelved(shortTime(decision.until, now))}</>;
  if (ticket === null) return <>{texts.sending}</>;
  const left = Math.ceil((ticket.recallUntil - now) / 1000);
  return (
    <>
      <a href={at(`/tickets/${ticket.id}`)} onClick={follow}>
        {texts.confirmed(ticket.number)}
      </a>{' '}
      {left > 0 ? (
        <>
          {texts.dispatching(left)} <progress max={5} value={Math.min(5, left)} aria-hidden="true" />
        </>
      ) : (
        texts.dispatched
      )}
    </>
  );
}
