/**
 * When a frame was captured. A stream's own clock (presentation time) is even but counts from nowhere; arrival is wall-clock
 * time but late by whatever the network and the decoder took. The least difference between the two over a window is the
 * arrival that was delayed least, and that difference dates every frame (the minimum filter of NTP's clock filter,
 * RFC 5905 section 10, applied to one-way delays). The window lets the estimate follow a drifting camera.
 */
const WINDOW_MS = 60_000;
/** A step larger than this is a stream that jumped, not a delay. */
const JUMP_MS = 5_000;

export class CaptureClock {
  /** Rising offsets with the time at which each was seen: the head is the least in the window. */
  readonly #offsets: { readonly atMs: number; readonly offsetMs: number }[] = [];

  /** A frame of this presentation time arrived at this wall-clock time. */
  observe(ptsSeconds: number, arrivedAtMs: number): void {
    const offsetMs = arrivedAtMs - ptsSeconds * 1000;
    const head = this.#offsets[0];
    if (head !== undefined && Math.abs(offsetMs - head.offsetMs) > JUMP_MS) this.#offsets.length = 0;
    while (this.#offsets.length > 0 && (this.#offsets.at(-1)?.offsetMs ?? 0) >= offsetMs) this.#offsets.pop();
    this.#offsets.push({ atMs: arrivedAtMs, offsetMs });
    while ((this.#offsets[0]?.atMs ?? arrivedAtMs) < arrivedAtMs - WINDOW_MS) this.#offsets.shift();
  }

  /** Wall-clock capture time, ms since 1970; null before the first observation. */
  toWallMs(ptsSeconds: number): number | null {
    const head = this.#offsets[0];
    return head === undefined ? null : Math.round(ptsSeconds * 1000 + head.offsetMs);
  }

  /** The stream's own time at a wall-clock time. */
  toPtsSeconds(wallMs: number): number | null {
    const head = this.#offsets[0];
    return head === undefined ? null : (wallMs - head.offsetMs) / 1000;
  }
}
