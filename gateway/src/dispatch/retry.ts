/** When a failed delivery is tried again: soon at first, then ever more rarely, for about two days in all. */
const MINUTE_MS = 60_000;
const WAITS_MS = [2_000, 10_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS];
const LAST_WAIT_MS = 4 * 60 * MINUTE_MS;
const MAX_ATTEMPTS = 18;
const MAX_RETRY_AFTER_MS = 60 * MINUTE_MS;

/** Milliseconds until the next attempt after so many; null when there is none. `afterMs`: what the receiver asked for. */
export function nextWaitMs(attempts: number, afterMs = 0): number | null {
  if (attempts >= MAX_ATTEMPTS) return null;
  const wait = WAITS_MS[attempts - 1] ?? LAST_WAIT_MS;
  return Math.max(wait, Math.min(afterMs, MAX_RETRY_AFTER_MS));
}
