/**
 * How fast the line is, measured by what the broker confirms, and from that how much is given to it at a time. What lies in the
 * buffers of the system and of the modem cannot be overtaken; so there is never more of it than the line carries in two seconds.
 */
import { MIN_PART_BYTES } from '@roadwatch/contract';

const MAX_PART_BYTES = 64 * 1024;
const MAX_WINDOW_BYTES = 256 * 1024;
/** Of a line that is not known yet. */
const FIRST_PART_BYTES = 4 * 1024;
const PART_SECONDS = 1;
const WINDOW_SECONDS = 2;
/** A packet that is confirmed sooner says how far away the broker is, not how narrow the line. */
const TELLING_SECONDS = 0.5;

/** A line that carries less is poor: a clip takes it for a minute or more. It is not again until it carries half as much more. */
const POOR_BYTES_PER_SECOND = 64_000;
const NOT_POOR_BYTES_PER_SECOND = 1.5 * POOR_BYTES_PER_SECOND;

export interface Departure {
  readonly bytes: number;
  readonly atMs: number;
  /** Bytes that had been confirmed by then. */
  readonly confirmed: number;
}

export class Pace {
  #bytesPerSecond: number | null = null;
  #confirmed = 0;
  #isPoor = false;

  /** Of the line, roughly; null before anything was confirmed. */
  get bytesPerSecond(): number | null {
    return this.#bytesPerSecond === null ? null : Math.round(this.#bytesPerSecond);
  }

  /** Whether it was measured to be narrow; small packets alone, which arrive at once, do not make it so. */
  get isPoor(): boolean {
    return this.#isPoor;
  }

  /** Largest part of a file. */
  get partBytes(): number {
    const rate = this.#bytesPerSecond;
    return rate === null ? FIRST_PART_BYTES : between(MIN_PART_BYTES, rate * PART_SECONDS, MAX_PART_BYTES);
  }

  /** How much may be under way before anything more of a file is sent. */
  get windowBytes(): number {
    const rate = this.#bytesPerSecond;
    return rate === null
      ? 2 * FIRST_PART_BYTES
      : between(2 * MIN_PART_BYTES, rate * WINDOW_SECONDS, MAX_WINDOW_BYTES);
  }

  sent(bytes: number, nowMs: number): Departure {
    return { bytes, atMs: nowMs, confirmed: this.#confirmed };
  }

  /** All that was confirmed while the packet was under way went over the line in that time. */
  arrived({ bytes, atMs, confirmed }: Departure, nowMs: number): void {
    this.#confirmed += bytes;
    const seconds = Math.max(1, nowMs - atMs) / 1000;
    const rate = (this.#confirmed - confirmed) / seconds;
    const before = this.#bytesPerSecond;
    if (before === null) this.#bytesPerSecond = rate;
    else if (rate > before) this.#bytesPerSecond = Math.min(rate, before * 2);
    else if (seconds >= TELLING_SECONDS) this.#bytesPerSecond = before + (rate - before) / 4;
    const now = this.#bytesPerSecond ?? 0;
    if (now >= NOT_POOR_BYTES_PER_SECOND) this.#isPoor = false;
    else if (seconds >= TELLING_SECONDS && now < POOR_BYTES_PER_SECOND) this.#isPoor = true;
  }

  /** The connection ended with something under way: the line may have become narrower than it was. */
  lost(): void {
    this.#bytesPerSecond = null;
  }
}

function between(least: number, value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
