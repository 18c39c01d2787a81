/**
 * Which broker is tried next, and how long to wait for that: the first as long as it can be reached, else those that stand in for it,
 * in their order. A connection that was up and broke is tried at the same one first: most of them were the line.
 */
import type { Broker } from '../config/config.ts';

interface Tried {
  readonly broker: Broker;
  version: 4 | 5;
  /** Logins that it has refused, one after the other. */
  refusals: number;
  readyAtMs: number;
}

/** Boxes that fell together do not all come to the next broker in the same moment. */
const SPREAD_MS = 1_000;

export class Brokers {
  readonly #all: readonly Tried[];
  #current = 0;

  constructor(brokers: readonly Broker[]) {
    this.#all = brokers.map((broker) => ({ broker, version: 5, refusals: 0, readyAtMs: 0 }));
  }

  /** The one that is connected, or tried. */
  get current(): Tried {
    return this.#all[this.#current] as Tried;
  }
  get first(): Tried {
    return this.#all[0] as Tried;
  }
  get isOne(): boolean {
    return this.#all.length === 1;
  }
  get isFirst(): boolean {
    return this.#current === 0;
  }

  backToFirst(): void {
    this.#current = 0;
  }

  /**
   * The connection has ended; `wasOpen`: after it had been up. `waitMs`: for how long the same broker is left in peace, `random` is in
   * [0, 1). Returns how long to wait before `current` is tried, in milliseconds.
   */
  ended(wasOpen: boolean, waitMs: number, nowMs: number, random: number): number {
    this.current.readyAtMs = nowMs + waitMs;
    if (wasOpen || this.isOne) return waitMs;
    const from = this.#current;
    const inTurn = this.#all.map((_, step) => (from + 1 + step) % this.#all.length);
    const readyAt = (at: number): number => Math.max(nowMs, (this.#all[at] as Tried).readyAtMs);
    this.#current = inTurn.reduce((best, at) => (readyAt(at) < readyAt(best) ? at : best));
    return Math.max(random * SPREAD_MS, this.current.readyAtMs - nowMs);
  }
}

/** MQTT 3.1.1 and 5 in turn, for a broker may know one of them only; whether it is worth trying at once. */
export function tryOtherVersion(tried: Tried): boolean {
  tried.version = tried.version === 5 ? 4 : 5;
  return tried.version === 4;
}
