/** What is in the operator's hand: the alert to judge and what is ready behind it, as they are given, change and are lost. */
import type { Alert } from '@roadwatch/contract/api';
import type { DeskState } from './desk-state.ts';
import type { DeskFilter } from './filter/filter.ts';

/** As many as the gateway holds ready for one desk. */
const AHEAD = 2;

/** The gateway has answered what this desk has now. What it has judged already is not shown again. */
export function handed(state: DeskState, items: readonly Alert[], waiting: number): DeskState {
  const open = items.filter(({ id }) => !state.judged.has(id));
  const { current } = state;
  if (current === null) return { ...withCurrent(state, open[0] ?? null), ahead: open.slice(1), waiting };
  const same = open.find(({ id }) => id === current.id);
  const ahead = open.filter(({ id }) => id !== current.id);
  return { ...state, current: same ?? current, ahead, waiting };
}

/** One of them is as `alert` now says. */
export function renewed(state: DeskState, alert: Alert): DeskState {
  const { current, ahead } = state;
  if (current?.id === alert.id) return { ...state, current: alert };
  const stays = alert.state === 'new';
  return { ...state, ahead: ahead.flatMap((each) => (each.id !== alert.id ? each : stays ? alert : [])) };
}

/** A particular alert, before its turn. The one before stays ready, unless it is over. */
export function taken(state: DeskState, alert: Alert): DeskState {
  const { current, ahead } = state;
  if (current?.id === alert.id) return state;
  const before = current === null || current.state !== 'new' ? [] : [current];
  const rest = [...before, ...ahead].filter(({ id }) => id !== alert.id && !state.judged.has(id));
  return { ...withCurrent(state, alert), ahead: rest.slice(0, AHEAD) };
}

/** The current one is over: the next that is ready. */
export function wentOn(state: DeskState): DeskState {
  const [next = null, ...ahead] = state.ahead.filter(({ id }) => !state.judged.has(id));
  // With nothing at hand only the gateway knows whether anything waits.
  return { ...withCurrent(state, next), ahead, waiting: next === null ? null : state.waiting };
}

/** Another part of the queue: whoever looks for it wants to see it, so that what was at hand is given back. */
export function lookingFor(state: DeskState, filter: DeskFilter): DeskState {
  if (filter.search === state.filter.search) return state;
  return { ...withCurrent(state, null), filter, ahead: [], waiting: null };
}

/** Another current alert, or none. Nothing that was open on the one before stays open. */
function withCurrent(state: DeskState, alert: Alert | null): DeskState {
  const same = alert?.id === state.current?.id;
  return {
    ...state,
    current: alert,
    seen: state.seen && same,
    ready: state.ready && same,
    denied: null,
    menu: null,
    batch: [],
    neighbours: same ? state.neighbours : [],
    earlier: same ? state.earlier : [],
    view: { ...state.view, shows: 'still', zoomed: false, source: null, earlier: null },
  };
}

/** What this desk has on its screen or still has to send: the gateway keeps it from other desks. */
export function holdingOf({ current, ahead }: DeskState): readonly string[] {
  const open = current === null || current.state !== 'new' ? ahead : [current, ...ahead];
  return open.map(({ id }) => id);
}
