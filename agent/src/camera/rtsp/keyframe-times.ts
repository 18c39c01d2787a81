/** How far apart a camera's keyframes are, from how they come. */

/** Parameter sets and slices of the same picture are one. */
const ONE_PICTURE_MS = 30;

interface Arrival {
  readonly at: number;
  /** Of RTP, at 90 kHz. */
  readonly timestamp: number;
}

export class KeyframeTimes {
  /** The last two. */
  #keyframes: readonly Arrival[] = [];
  #newest: Arrival | null = null;

  get hasAny(): boolean {
    return this.#keyframes.length > 0;
  }

  /** Seconds between the last two keyframes, or of what has come since the last; null before the first. */
  get seconds(): number | null {
    const [before, last = before] = this.#keyframes;
    const newest = this.#newest;
    if (before === undefined || last === undefined || newest === null) return null;
    return Math.max(secondsBetween(before, last), secondsBetween(last, newest));
  }

  /** Something has come. `at`: ms, by a clock that nobody sets. `isKey` is asked where it could be a keyframe that is not known yet. */
  note(at: number, timestamp: number, isKey: () => boolean): void {
    const arrival = { at, timestamp };
    this.#newest = arrival;
    const last = this.#keyframes.at(-1);
    const isNew = last === undefined || at - last.at > ONE_PICTURE_MS;
    if (isNew && isKey()) this.#keyframes = [...this.#keyframes.slice(-1), arrival];
  }
}

/**
 * By the camera's clock or by ours, whichever says less: a line that hung is not a long time in the stream, nor is a camera's
 * clock that was set.
 */
function secondsBetween(a: Arrival, b: Arrival): number {
  return Math.min((b.at - a.at) / 1000, ((b.timestamp - a.timestamp) >>> 0) / 90_000);
}
