/**
 * How long to wait before the next try: doubling, of which one half is fixed
 * and the other random ("equal jitter"), so that cameras that fell together do not rise together.
 */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** `attempt` counts from 0; `random` is in [0, 1). */
export function backoffMs(attempt: number, { firstMs, maxMs }: BackoffOptions, random: number): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
