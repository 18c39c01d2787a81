/** Whether a camera sends clearly fewer pictures a second than it usually does: worn memory, heat, or a line that gets worse. Pure. */
import { Lasting } from '@roadwatch/common';

/** Of the usual rate. */
const FALLEN = 0.6;
const BACK = 0.8;
const LASTS_MS = 120_000;
/** What is usual is known after so long, and follows within days: whoever has set the camera to fewer is not told of it for ever. */
const KNOWN_MS = 60_000;
const FOLLOWS_MS = 86_400_000;

export class FrameRate {
  readonly #fallen = new Lasting(LASTS_MS, LASTS_MS);
  #before: { readonly pictures: number; readonly atMs: number } | null = null;
  #learntMs = 0;
  #usual = 0;
  #now = 0;

  get isFallen(): boolean {
    return this.#fallen.isSo;
  }
  get now(): number {
    return this.#now;
  }
  get usual(): number {
    return this.#usual;
  }

  /** `pictures`: that have come over this connection; null where nobody counts them, or it is gone. `nowMs`: by a clock that nobody sets. */
  look(pictures: number | null, nowMs: number): void {
    const before = this.#before;
    this.#before = pictures === null ? null : { pictures, atMs: nowMs };
    // Another connection has begun in between.
    if (pictures === null || before === null || pictures < before.pictures) return;
    const tookMs = nowMs - before.atMs;
    if (tookMs <= 0) return;
    this.#now = ((pictures - before.pictures) / tookMs) * 1000;
    const isKnown = this.#learntMs >= KNOWN_MS;
    const weight = isKnown ? Math.min(1, tookMs / FOLLOWS_MS) : tookMs / (this.#learntMs + tookMs);
    if (isKnown) {
      const least = this.#fallen.isSo ? BACK : FALLEN;
      this.#fallen.see(this.#now < this.#usual * least, nowMs);
    }
    this.#usual += (this.#now - this.#usual) * weight;
    this.#learntMs += tookMs;
  }
}
