/** Times that another machine claims: kept as they are, and taken for ours only where they can be true. */

/** Clocks that are set by the network differ by far less. */
export const FAR_MS = 60_000;
/** An outbox holds what was seen while the line was down, for weeks at most. */
const LATEST_NEWS_MS = 60 * 86_400_000;

/**
 * Whether something that came at `cameAt` may have been seen at `claimed`: not after it came, but for what clocks differ, and not
 * before any outbox began.
 */
export function mayBeTrue(claimed: number, cameAt: number): boolean {
  return claimed <= cameAt + FAR_MS && claimed >= cameAt - LATEST_NEWS_MS;
}

/** The instant to reckon with: the claimed one, or when it came. */
export function reckoned(claimed: number, cameAt: number): number {
  return mayBeTrue(claimed, cameAt) ? Math.min(claimed, cameAt) : cameAt;
}
