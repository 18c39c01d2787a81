/**
 * The largest packet that the broker takes, as far as it is known: by the configuration, by what the broker says (MQTT 5, 3.2.2.3.6),
 * or since it ends the connection whenever a larger one is under way, for which MQTT 3.1.1 has no other word.
 */
const DROPS = 2;
/** A line that breaks often looks alike; after so long a larger packet is tried again. */
const LEARNT_FOR_MS = 3_600_000;
const LEAST_BYTES = 2_048;
/** Each step costs two connections. */
const STEP = 4;

export class PacketLimit {
  readonly #configured: number;
  #told = Number.POSITIVE_INFINITY;
  #learnt = { bytes: Number.POSITIVE_INFINITY, untilMs: 0 };
  #largestPassed = 0;
  #suspect = Number.POSITIVE_INFINITY;
  #drops = 0;

  constructor(configured = Number.POSITIVE_INFINITY) {
    this.#configured = configured;
  }

  /** Infinity when none is known. */
  bytes(nowMs: number): number {
    const learnt = nowMs < this.#learnt.untilMs ? this.#learnt.bytes : Number.POSITIVE_INFINITY;
    return Math.min(this.#configured, this.#told, learnt);
  }

  /** What the broker said when it let us in. */
  told(bytes = Number.POSITIVE_INFINITY): void {
    this.#told = bytes;
  }

  passed(bytes: number): void {
    this.#largestPassed = Math.max(this.#largestPassed, bytes);
  }

  /**
   * The connection has ended while a packet of so many bytes was under way, the largest of them; `said`: since it was too large.
   * Returns the limit that is learnt from that; null when it says nothing yet.
   */
  dropped(bytes: number, said: boolean, nowMs: number): number | null {
    if (bytes <= this.#largestPassed && !said) {
      this.#drops = 0;
      return null;
    }
    this.#suspect = Math.min(this.#suspect, bytes);
    if (++this.#drops < DROPS && !said) return null;
    const learnt = Math.max(LEAST_BYTES, this.#largestPassed, Math.floor(this.#suspect / STEP));
    this.#learnt = { bytes: Math.min(learnt, this.#suspect - 1), untilMs: nowMs + LEARNT_FOR_MS };
    this.#drops = 0;
    this.#suspect = Number.POSITIVE_INFINITY;
    return this.#learnt.bytes;
  }

  /** Whether an end with such a packet under way may be due to its size. */
  suspects(bytes: number): boolean {
    return bytes > this.#largestPassed;
  }
}
