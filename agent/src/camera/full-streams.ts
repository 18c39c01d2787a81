/**
 * Which full streams run beside a sub-stream. Each takes memory, processor time and a part of the camera's line, and all cameras may call
 * for theirs at the same moment, as when the light of a whole street changes: so many run at once, and the others wait for their turn.
 */
import { availableParallelism } from 'node:os';
import { type AgentTrouble, timestamp } from '@roadwatch/contract';
import type { StreamNeed } from '../ring/segments.ts';

/** `look`: it is looked at, for its sub-stream is away. `shape`: the size of its pictures is to be known, and nothing else. */
export type FullNeed = StreamNeed | 'look' | 'shape';

/** Who goes first; among themselves who has waited longest. */
const ORDER: readonly FullNeed[] = ['asked', 'found', 'look', 'shape'];
/** To receive and record one without decoding takes about a hundredth of a processor, and 10 MiB. */
const FOR_EACH_PROCESSOR = 8;
/** Of all places, so much is left free for what people ask for. */
const SHARE_FOR_PEOPLE = 1 / 8;
/** Who waits for longer than this does not wait for a moment's rush. */
const LONG_SECONDS = 60;

interface Turn {
  need: FullNeed;
  /** When it began to wait, for this need. */
  since: number;
  isRunning: boolean;
  readonly begin: () => void;
}

/** How many run at once where nobody says otherwise. */
export function fullStreamsOf({ fullStreams }: { readonly fullStreams?: number | undefined }): number {
  return fullStreams ?? FOR_EACH_PROCESSOR * availableParallelism();
}

export class FullStreams {
  #most: number;
  readonly #turns = new Map<object, Turn>();

  /** `most`: at once, two at least: one for people, one for the rest. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Counts from now on; those that run go on. */
  set most(most: number) {
    this.#most = most;
    this.#hand();
  }

  get running(): number {
    return this.#count(({ isRunning }) => isRunning);
  }
  get waiting(): number {
    return this.#turns.size - this.running;
  }
  /** Whether somebody waits: who needs it no more is to leave. */
  get isShort(): boolean {
    return this.waiting > 0;
  }

  /** To be asked every few seconds. */
  get troubles(): readonly AgentTrouble[] {
    const since = [...this.#turns.values()].filter(({ isRunning }) => !isRunning).map((turn) => turn.since);
    const seconds = (performance.now() - Math.min(...since)) / 1000;
    if (since.length === 0 || seconds < LONG_SECONDS) return [];
    const detail = `${since.length} cameras wait for their full stream, the longest for ${Math.round(seconds)} s; ${this.#most} run at once (look.fullStreams)`;
    return [{ code: 'full_streams_short', detail, since: timestamp(Date.now() - seconds * 1000) }];
  }

  /** Calls `begin` when its turn has come, at once where there is room. Asked again with another need, it waits for that one. */
  ask(owner: object, need: FullNeed, begin: () => void): void {
    const turn = this.#turns.get(owner);
    if (turn === undefined)
      this.#turns.set(owner, { need, since: performance.now(), isRunning: false, begin });
    else if (turn.need === need) return;
    else Object.assign(turn, { need, since: performance.now() });
    this.#hand();
  }

  /** It waits no more, or has ended. */
  leave(owner: object): void {
    if (this.#turns.delete(owner)) this.#hand();
  }

  #hand(): void {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      next.isRunning = true;
      next.begin();
    }
  }

  #next(): Turn | null {
    let first: Turn | null = null;
    for (const turn of this.#turns.values()) {
      if (turn.isRunning || !this.#hasRoom(turn.need)) continue;
      const before = first === null ? 1 : ORDER.indexOf(first.need) - ORDER.indexOf(turn.need);
      if (first === null || before > 0 || (before === 0 && turn.since < first.since)) first = turn;
    }
    return first;
  }

  /** Neither takes the last places of the other. */
  #hasRoom(need: FullNeed): boolean {
    if (this.running >= this.#most) return false;
    const forPeople = Math.max(1, Math.floor(this.#most * SHARE_FOR_PEOPLE));
    const asked = this.#count((turn) => turn.isRunning && turn.need === 'asked');
    return need === 'asked' ? asked < this.#most - 1 : this.running - asked < this.#most - forPeople;
  }

  #count(counts: (turn: Turn) => boolean): number {
    let count = 0;
    for (const turn of this.#turns.values()) if (counts(turn)) count++;
    return count;
  }
}
