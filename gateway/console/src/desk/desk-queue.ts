/** The queue and the current alert, as alerts are listed, taken up, and come back. */
import type { Alert } from '@roadwatch/contract/api';
import type { DeskState } from './desk-state.ts';
import { arrange } from './queue.ts';

/** The gateway has listed what waits. What it had not listed before has arrived. */
export function listed(state: DeskState, alerts: readonly Alert[], more: boolean): DeskState {
  const ids = new Set(alerts.map(({ id }) => id));
  const before = state.listed === null ? ids : new Set(state.listed.map(({ id }) => id));
  const arrived = alerts.filter(({ id }) => !before.has(id));
  const fresh = [...state.fresh, ...arrived.map(({ id }) => id)].filter((id) => ids.has(id));
  return arranged({
    ...state,
    listed: alerts,
    more,
    fresh: without(new Set(fresh), state.current?.id),
    announced: arrived[0] ?? state.announced,
  });
}

/** The queue anew, after the list, a verdict or the pointer has changed. There is a current alert as long as there is any. */
export function arranged(state: DeskState): DeskState {
  const { current } = state;
  const open = (state.listed ?? []).filter(({ id }) => !state.judged.has(id));
  const before = state.queue.map(({ id }) => id);
  const { queue, waiting } = arrange(before, open, current?.id ?? null, state.held);
  const next = { ...state, queue, waiting };
  if (current === null) return queue[0] === undefined ? next : withCurrent(next, queue[0]);
  return { ...next, current: queue.find(({ id }) => id === current.id) ?? current };
}

/** Another current alert, or none. Nothing that was open on the one before stays open. */
export function withCurrent(state: DeskState, alert: Alert | null): DeskState {
  return {
    ...state,
    current: alert,
    seen: state.seen && alert?.id === state.current?.id,
    ready: state.ready && alert?.id === state.current?.id,
    denied: null,
    fresh: without(state.fresh, alert?.id),
    menu: null,
    view: { ...state.view, shows: 'still', zoomed: false, source: null },
  };
}

function without(ids: ReadonlySet<string>, id: string | undefined): ReadonlySet<string> {
  return id !== undefined && ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : ids;
}
