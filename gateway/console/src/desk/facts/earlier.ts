/** Which alerts of one camera are about one place in its picture. */
import type { Alert } from '@roadwatch/contract/api';

type Box = Alert['box'];

/** Box centres nearer than this, in fractions of the picture, are one place to a person who looks at it. */
const CLOSE = 0.12;

function overlap([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): boolean {
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}

function isClose([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): boolean {
  return Math.hypot(ax + aw / 2 - (bx + bw / 2), ay + ah / 2 - (by + bh / 2)) < CLOSE;
}

/** Others that were raised before it at its place, the latest first. */
export function earlierAt(alert: Alert, others: readonly Alert[]): Alert[] {
  return others
    .filter((other) => other.id !== alert.id && other.createdAt <= alert.createdAt)
    .filter((other) => overlap(other.box, alert.box) || isClose(other.box, alert.box))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}
