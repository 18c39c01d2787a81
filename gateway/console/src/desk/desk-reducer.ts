/**
 * What every event makes of the desk. Pure: requests and timers stand beside it (`use-pull.ts`, `use-desk.ts`, the outbox) and
 * report as events.
 */
import type { DeskEvent } from './desk-events.ts';
import type { DeskState, View } from './desk-state.ts';
import { judged, judgedTogether, outboxChanged, ticked } from './desk-verdicts.ts';
import { handed, lookingFor, renewed, taken, wentOn } from './hand.ts';
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
    case 'filter_set':
      return lookingFor(state, event.filter);
    case 'finding_turned':
      return { ...state, finding: event.open, denied: null };
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
    case 'batch_opened':
      return { ...state, menu: 'batch', batch: event.alerts, denied: null };
    case 'batch_without':
      return without(state, event.id);
    case 'viewed':
      return viewed(state, event.set);
    case 'closed':
      return state.menu === null
        ? viewed(state, { shows: 'still', zoomed: false, earlier: null })
        : { ...state, menu: null, batch: [], denied: null };
    case 'help_turned':
      return { ...state, help: event.open };

    case 'judged':
      return judged(state);
    case 'judged_together':
      return judgedTogether(state);
    case 'joined':
      return { ...state, menu: null, denied: null };
    // The list knows the neighbour, the outbox what is taken back, and the address what is looked for; all tell.
    case 'stepped':
    case 'batch_asked':
    case 'filter_cleared':
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

/** Without any the batch is none. */
function without(state: DeskState, id: string): DeskState {
  const batch = state.batch.filter((alert) => alert.id !== id);
  return { ...state, batch, menu: batch.length === 0 ? null : state.menu };
}

function viewed(state: DeskState, set: Partial<View>): DeskState {
  return { ...state, view: { ...state.view, ...set }, denied: null };
}
