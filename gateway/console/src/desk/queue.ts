/** The order of the queue as alerts come and go. What an operator is looking at, or pointing at, never moves. */
import type { Alert } from '@roadwatch/contract/api';

/** What can break a wheel today is judged first. */
const RANK: Readonly<Partial<Record<Alert['damageClass'], number>>> = {
  pothole: 0,
  alligator_crack: 1,
  anomaly: 1,
};
const LAST_RANK = 2;

/** Most severe first, then what has waited longest. */
function compare(a: Alert, b: Alert): number {
  const rank = (alert: Alert): number => RANK[alert.damageClass] ?? LAST_RANK;
  return rank(a) - rank(b) || a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}

export interface Arranged {
  readonly queue: readonly Alert[];
  /** Alerts that have come and are not yet in the queue, because it is held. */
  readonly waiting: number;
}

/**
 * The queue after `before` (ids, in order). Those that stay keep their places among each other; new ones go to their place by
 * severity and age, but never above `selected`. While `held` (the pointer is on the list), new ones wait outside, but for the
 * selected one itself, which an undo has brought back.
 */
export function arrange(
  before: readonly string[],
  alerts: readonly Alert[],
  selected: string | null,
  held: boolean,
): Arranged {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const queue = before.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(before);
  const arrived = alerts.filter((alert) => !known.has(alert.id)).sort(compare);
  if (queue.length === 0) return { queue: arrived, waiting: 0 };
  const entering = held ? arrived.filter(({ id }) => id === selected) : arrived;
  for (const alert of entering) {
    const first = queue.findIndex((other) => other.id === selected) + 1;
    const behind = queue.findIndex((other, index) => index >= first && compare(alert, other) < 0);
    queue.splice(behind === -1 ? queue.length : behind, 0, alert);
  }
  return { queue, waiting: arrived.length - entering.length };
}

/** The alert after the one at `id` has gone: the one that moves into its place, or else the one before. */
export function successor(queue: readonly Alert[], id: string): string | null {
  const index = queue.findIndex((alert) => alert.id === id);
  return (queue[index + 1] ?? queue[index - 1])?.id ?? null;
}

/** One further or one back, staying inside. */
export function step(queue: readonly Alert[], current: string | null, by: 1 | -1): string | null {
  const index = queue.findIndex((alert) => alert.id === current);
  return queue[Math.min(queue.length - 1, Math.max(0, index + by))]?.id ?? null;
}
