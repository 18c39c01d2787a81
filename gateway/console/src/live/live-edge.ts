/** Where a live view should be in what has come of it: near the end, without a stutter for every packet that is late. */

/** What has come, in seconds of the stream; there is a gap where pictures were missed. */
export interface Ranges {
  readonly length: number;
  start(index: number): number;
  end(index: number): number;
}

/** From here on time is made up at once, and from there on little by little. */
const JUMP_S = 2;
const HURRY_S = 0.8;
/** Behind the end of what has come, so that a late packet is no stutter. */
const BEHIND_S = 0.25;
const HURRY_RATE = 1.1;
/** Seen already, and kept no longer. */
const KEPT_S = 10;
const TRIM_S = 20;

/** `to`: null to go on from where it is. */
export function nextPosition(
  buffered: Ranges,
  now: number,
): { readonly to: number | null; readonly rate: number } {
  const last = buffered.length - 1;
  if (last < 0) return { to: null, rate: 1 };
  const [start, end] = [buffered.start(last), buffered.end(last)];
  const behind = end - now;
  if (now < start || now > end || behind > JUMP_S) return { to: Math.max(start, end - BEHIND_S), rate: 1 };
  return { to: null, rate: behind > HURRY_S ? HURRY_RATE : 1 };
}

/** What can be given back of it, from its start on; null while it is little. */
export function trimmed(buffered: Ranges): { readonly from: number; readonly to: number } | null {
  if (buffered.length === 0) return null;
  const [from, end] = [buffered.start(0), buffered.end(buffered.length - 1)];
  return end - from > TRIM_S ? { from, to: end - KEPT_S } : null;
}
