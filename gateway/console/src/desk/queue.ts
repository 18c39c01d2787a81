/** The order of the queue, and which item is at hand as items come and go. */
import type { Alert } from '../shared/types.ts';

/** Oldest first within a rank: what was in view longest is judged first; potholes, which break wheels, before cracks. */
export function inOrder(alerts: readonly Alert[], judged: ReadonlySet<string>): Alert[] {
  const rank = (alert: Alert): number => (alert.damageClass === 'pothole' ? 0 : 1);
  return alerts
    .filter((alert) => !judged.has(alert.id))
    .sort((a, b) => rank(a) - rank(b) || a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
}

/** The item at hand: the same one while it is there, else the one that has moved into its place. */
export function atHand(queue: readonly Alert[], selected: string | null, lastIndex: number): Alert | null {
  return queue.find((alert) => alert.id === selected) ?? queue[Math.min(lastIndex, queue.length - 1)] ?? null;
}

/** One further or one back, staying inside. */
export function step(queue: readonly Alert[], current: string | null, by: 1 | -1): string | null {
  const index = queue.findIndex((alert) => alert.id === current);
  return queue[Math.min(queue.length - 1, Math.max(0, index + by))]?.id ?? null;
}
