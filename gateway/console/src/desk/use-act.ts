/** Does what a key or a button means, as the desk stands at that instant, or says why not. */
import { useCallback } from 'preact/hooks';
import type { Outbox } from '../outbox/outbox.ts';
import { useOutbox } from '../outbox/use-outbox.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import type { Act } from './action-button.tsx';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState } from './desk-state.ts';
import type { Desk } from './use-desk.ts';
import { isVerdict, latestStanding } from './verdict-list.ts';

/** `perform` is for events that come from a button of their own, such as the one beside a verdict. */
export function useAct({ latest, dispatch }: Pick<Desk, 'latest' | 'dispatch'>): {
  readonly act: Act;
  readonly perform: (event: DeskEvent) => void;
} {
  const api = useApi();
  const outbox = useOutbox();
  const texts = useTexts();
  const wall = useWallClock();

  const perform = useCallback(
    (event: DeskEvent): void => {
      const isTaken = given(outbox, latest.current, event);
      const full = { kind: 'denied', whyNot: { why: 'outboxFull' }, at: api.now() } as const;
      dispatch(isTaken ? event : full);
    },
    [api, outbox, latest, dispatch],
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

/** Puts a verdict into the outbox, or its end; false when there is no room. */
function given(outbox: Outbox, state: DeskState, event: DeskEvent): boolean {
  if (event.kind === 'judged' && state.current !== null)
    return outbox.give(state.current, event.decision) !== null;
  if (event.kind !== 'undo_asked') return true;
  const verdict = toUndo(state, event.key);
  return verdict === null || outbox.takeBack(verdict) !== null;
}

function toUndo({ verdicts }: DeskState, key: string | null) {
  return key === null
    ? latestStanding(verdicts)
    : (verdicts.filter(isVerdict).find((verdict) => verdict.key === key) ?? null);
}
