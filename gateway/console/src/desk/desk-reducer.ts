/**
 * What every event makes of the desk. Pure: requests and timers stand beside it (`use-desk.ts`, `use-claim-request.ts`, the
 * outbox) and report as events.
 */
import type { Alert } from '@roadwatch/contract/api';
import type { DeskEvent } from './desk-events.ts';
import { arranged, listed, withCurrent } from './desk-queue.ts';
import { type DeskState, isClaimedHere, isOpen, type View } from './desk-state.ts';
import { judged, outboxChanged, ticked } from './desk-verdicts.ts';
import { step } from './queue.ts';

export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.kind) {
    case 'listed':
      return listed(state, event.alerts, event.more);
    case 'held':
      return arranged({ ...state, held: event.held });
    case 'selected':
      return withCurrent(state, inQueue(state, event.id) ?? state.current);
    case 'stepped':
      return withCurrent(state, inQueue(state, step(state.queue, state.current?.id ?? null, event.by)));
    case 'went_on':
      return withCurrent(state, state.queue[0] ?? null);
    case 'saw':
      return event.id === state.current?.id ? { ...state, seen: true } : state;
    case 'became_ready':
      return event.id === state.current?.id ? { ...state, ready: true } : state;

    case 'menu_opened':
      return isOpen(state) ? { ...state, menu: event.menu, denied: null } : state;
    case 'viewed':
      return viewed(state, event.set);
    case 'closed':
      return state.menu === null
        ? viewed(state, { shows: 'still', zoomed: false })
        : { ...state, menu: null };
    case 'help_turned':
      return { ...state, help: event.open };

    case 'claim_asked':
      return claimAsked(state);
    case 'claim_answered':
      return { ...state, claim: null };

    case 'judged':
      return judged(state);
    case 'undo_asked':
      // The outbox has it, and tells.
      return { ...state, denied: null };
    case 'outbox_changed':
      return outboxChanged(state, event.entries, event.problem, event.at);
    case 'denied':
      return { ...state, denied: { ...event.whyNot, at: event.at } };
    case 'ticked':
      return ticked(state, event.at);
  }
}

function inQueue({ queue }: DeskState, id: string | null): Alert | null {
  return queue.find((alert) => alert.id === id) ?? null;
}

function viewed(state: DeskState, set: Partial<View>): DeskState {
  return { ...state, view: { ...state.view, ...set } };
}

function claimAsked(state: DeskState): DeskState {
  const { current, claim } = state;
  if (current === null || claim !== null || !isOpen(state)) return state;
  return { ...state, claim: { alertId: current.id, wanted: isClaimedHere(state) ? 'release' : 'claim' } };
}
