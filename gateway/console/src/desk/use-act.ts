/** Does what a key or a button means, as the desk stands at that instant, or says why not. */
import type { Alert } from '@roadwatch/contract/api';
import { useCallback } from 'preact/hooks';
import type { Decision, Subject } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { useOutbox } from '../outbox/use-outbox.ts';
import { useApi } from '../shared/api/use-api.ts';
import { at as addressOf } from '../shared/route/base.ts';
import { navigate } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import type { Act } from './action-button.tsx';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState, Neighbour } from './desk-state.ts';
import { heldByOther } from './objections.ts';
import { type Rows, step } from './queue/rows.ts';
import type { Queue } from './queue/use-queue.ts';
import type { Desk } from './use-desk.ts';
import { isVerdict, latestStanding } from './verdict-list.ts';
import type { WhyNot } from './why-not.ts';

/** `perform` is for events that come from a button of their own, such as the one beside a verdict. */
export function useAct(
  { latest, dispatch }: Pick<Desk, 'latest' | 'dispatch'>,
  queue: Pick<Queue, 'latest' | 'onScreen'>,
): {
  readonly act: Act;
  readonly perform: (event: DeskEvent) => void;
} {
  const api = useApi();
  const outbox = useOutbox();
  const texts = useTexts();
  const wall = useWallClock();

  const perform = useCallback(
    (event: DeskEvent): void => {
      const at = api.now();
      const deny = (why: WhyNot['why']): void => dispatch({ kind: 'denied', whyNot: { why }, at });
      const meant = meaningOf(event, latest.current, queue);
      if (meant?.kind === 'filter_cleared') navigate(addressOf('/'));
      if (meant === null) deny(event.kind === 'batch_asked' ? 'nothingOnScreen' : 'listEnds');
      else if (given(outbox, latest.current, meant)) dispatch(meant);
      else deny('outboxFull');
    },
    [api, outbox, latest, queue.latest, queue.onScreen, dispatch],
  );
  const act = useCallback<Act>(
    (action) => {
      const now = api.now();
      const whyNot = action.whyNot(latest.current, now);
      if (whyNot !== null) dispatch({ kind: 'denied', whyNot, at: now });
      else perform(action.does(latest.current, { now, wall, texts }));
    },
    [api, wall, texts, latest, dispatch, perform],
  );
  return { act, perform };
}

/** What the list has to say to it; null: it has nothing for that. */
function meaningOf(
  event: DeskEvent,
  state: DeskState,
  queue: Pick<Queue, 'latest' | 'onScreen'>,
): DeskEvent | null {
  if (event.kind === 'stepped') return stepped(state, queue.latest.current, event.by);
  if (event.kind !== 'batch_asked') return event;
  const isFree = (alert: Alert): boolean =>
    alert.state === 'new' && !state.judged.has(alert.id) && heldByOther(alert, state.user) === null;
  const alerts = queue.onScreen.current().filter(isFree);
  return alerts.length === 0 ? null : { kind: 'batch_opened', alerts };
}

/** The neighbour in the list that nobody else has; null: there is none. */
function stepped({ current, user }: DeskState, rows: Rows, by: 1 | -1): DeskEvent | null {
  const alert = step(rows, current?.id ?? null, by, (each) => heldByOther(each, user) === null);
  return alert === null ? null : { kind: 'took', alert };
}

/** Puts a verdict into the outbox, or its end; false when there is no room. */
function given(outbox: Outbox, state: DeskState, event: DeskEvent): boolean {
  if (event.kind === 'judged' && state.current !== null)
    return outbox.give(state.current, event.decision) !== null;
  if (event.kind === 'judged_together') {
    const [first] = state.batch;
    return first === undefined || outbox.give(first, event.decision) !== null;
  }
  if (event.kind === 'joined' && state.current !== null)
    return outbox.give(...joining(event.neighbour, state.current)) !== null;
  if (event.kind !== 'undo_asked') return true;
  const verdict = toUndo(state, event.key);
  return verdict === null || outbox.takeBack(verdict) !== null;
}

function toUndo({ verdicts }: DeskState, key: string | null) {
  return key === null
    ? latestStanding(verdicts)
    : (verdicts.filter(isVerdict).find((verdict) => verdict.key === key) ?? null);
}

/** What has a ticket already takes in the other. */
function joining({ alert, apart, hasTicket }: Neighbour, current: Alert): [Subject, Decision] {
  if (apart) return [alert, { kind: 'unmerge' }];
  return hasTicket
    ? [current, { kind: 'merge', into: alert.id }]
    : [alert, { kind: 'merge', into: current.id }];
}
