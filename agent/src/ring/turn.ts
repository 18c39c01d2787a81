/** Waits until a camera's full stream has its turn, so that something is written into its ring. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SegmentRing } from './segments.ts';

const POLL_MS = 250;

/** Follow the ring before, for a turn is had by who is needed. False: not within that time, or it was aborted. */
export async function hasTurn(
  ring: Pick<SegmentRing, 'isHeldBack'>,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (const until = performance.now() + withinMs; ring.isHeldBack; ) {
    if (signal.aborted || performance.now() >= until) return false;
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return true;
}
