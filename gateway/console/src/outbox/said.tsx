/** What became of a verdict, in words. */
import { Problem } from '../shared/api/problem.ts';
import { problemText } from '../shared/api/problem-text.ts';
import { personOf } from '../shared/person.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import type { Entry, TicketMade } from './entry.ts';

interface Props {
  readonly entry: Entry;
  readonly now: number;
  /** Why what waits could not be sent the last time. */
  readonly problem: Problem | null;
}

export function Said({ entry: { decision, outcome }, now, problem }: Props) {
  const texts = useTexts();
  const { shortTime } = useWallClock();
  const { outbox } = texts;
  if (outcome === null) {
    if (problem !== null) return <>{outbox.waitsBecause(problemText(problem, texts))}</>;
    return <>{decision.kind === 'undo' ? outbox.undoing : texts.sending}</>;
  }
  switch (outcome.kind) {
    case 'withdrawn':
      return <>{outbox.withdrawn}</>;
    case 'expired':
      return <>{outbox.expired}</>;
    case 'overtaken':
      return <>{outbox.overtaken(personOf(outcome.by), texts.alertState[outcome.state])}</>;
    case 'refused':
      return (
        <>{outbox.refused(problemText(new Problem(outcome.status, outcome.said, outcome.code), texts))}</>
      );
    case 'stored':
      break;
  }
  switch (decision.kind) {
    case 'reject':
      return (
        <>
          {texts.rejected}: {texts.rejectReason[decision.reason]}
        </>
      );
    case 'reject_many':
      return (
        <>
          {texts.batch.rejected(decision.alerts.length - (outcome.left?.length ?? 0))}:{' '}
          {texts.rejectReason[decision.reason]}
          {outcome.left?.length ? ` · ${texts.batch.left(outcome.left.length)}` : null}
        </>
      );
    case 'shelve':
      return <>{texts.shelved(shortTime(decision.until, now))}</>;
    case 'merge':
      return <>{outbox.merged}</>;
    case 'unmerge':
      return <>{outbox.unmerged}</>;
    case 'undo':
      return <>{texts.undone}</>;
    case 'confirm':
      return outcome.ticket === null ? texts.dispatched : <Dispatched ticket={outcome.ticket} now={now} />;
  }
}

function Dispatched({ ticket, now }: { readonly ticket: TicketMade; readonly now: number }) {
  const texts = useTexts();
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
