/**
 * What every event makes of the desk. Pure: requests and timers stand beside it (`use-pull.ts`, `use-desk.ts`, the outbox) and
 * report as events.
 */
import type { DeskEvent } from './desk-events.ts';
import type { DeskState, View } from './desk-state.ts';
import { judged, outboxChanged, ticked } from './desk-verdicts.ts';
import { handed, renewed, taken, wentOn } from './hand.ts';
import { cannotDecide } from './objections.ts';

export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.kind) {
    case 'handed':
      return handed(state, event.items, event.waiting);
    case 'renewed':
      return renewed(state, event.alert);
    case 'took':
      return taken(state, event.alert);
    case 'went_on':
      return wentOn(state);
    case 'saw':
      return event.id === state.current?.id ? { ...state, seen: true } : state;
    case 'became_ready':
      return event.id === state.current?.id ? { ...state, ready: true } : state;
    case 'place_known':
      return event.id === state.current?.id
        ? { ...state, neighbours: event.neighbours, earlier: event.earlier }
        : state;

    case 'menu_opened':
      return cannotDecide(state) === null ? { ...state, menu: event.menu, denied: null } : state;
    case 'viewed':
      return viewed(state, event.set);
    case 'closed':
      return state.menu === null
        ? viewed(state, { shows: 'still', zoomed: false, earlier: null })
        : { ...state, menu: null, denied: null };
    case 'help_turned':
      return { ...state, help: event.open };

    case 'judged':
      return judged(state);
    case 'joined':
      return { ...state, menu: null, denied: null };
    // The list knows the neighbour, and the outbox what is taken back; both tell.
    case 'stepped':
    case 'undo_asked':
      return { ...state, denied: null };
    case 'outbox_changed':
      return outboxChanged(state, event.entries, event.problem, event.at);
    case 'denied':
      return { ...state, denied: { ...event.whyNot, at: event.at } };
    case 'ticked':
      return ticked(state, event.at);
  }
}

function viewed(state: DeskState, set: Partial<View>): DeskState {
  return { ...state, view: { ...state.view, ...set }, denied: null };
}
