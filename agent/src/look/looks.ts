/**
 * Which camera's keyframe is decoded next. A camera hands on each keyframe undecoded, and the newest waits for its turn: so a look
 * costs what one picture costs, its decoding and the model where there is something to see, and each camera is looked at as often as
 * the box can afford. That follows the processor time that looks take: on a box that is slow or hot all cameras are looked at less
 * often, evenly. What others do there makes no look dearer.
 */
import type { AgentTrouble } from '@roadwatch/contract';
import { timestamp } from '@roadwatch/contract';
import type { Decoders } from '../decode/decoders.ts';
import type { DecodeAs, Decoded } from '../decode/keyframe-decoder.ts';

export interface LookRules {
  /** A camera is looked at so often at least, s. */
  readonly maxSeconds: number;
  /** Of the machine's processors, what looks may take as long as that is kept. */
  readonly share: number;
}

/** `each`: something is being followed. `none`: its pictures are looked at in another way just now. */
export type Wanted = 'each' | 'usual' | 'none';

export interface Wish {
  readonly wanted: Wanted;
  /** Since the capture of the last look that counts, ms: one after which nothing need be looked at again. Infinite before the first. */
  readonly ageMs: number;
  /** Since what is being followed was first seen, ms; infinite where somebody waits. Null where nothing is. */
  readonly followedMs: number | null;
}

export interface Keyframe {
  /** A copy, with all that a decoder must know. */
  readonly bytes: Buffer;
  readonly as: DecodeAs;
  /** Takes over the slots. */
  onDecoded(decoded: Decoded): void;
  /** A newer one has taken its place. */
  onPassedOver(): void;
}

interface Turn {
  /** The newest that is to be decoded. */
  waiting: Keyframe | null;
  /** Of the last look, or of the last keyframe that was passed over for another way; null before the first. */
  lookedAt: number | null;
  /** How old what is known of it is, in the time of `lookedAt`: from the last look that counts, or that is under way. */
  countsFrom: number;
  /** Since when what is being followed there is; null where nothing is. */
  followedFrom: number | null;
  isLooking: boolean;
  offeredAt: number | null;
  /** From one keyframe to the next, ms. */
  gapMs: number;
  usualBytes: number;
}

const FIRST_COST_MS = 40;
/** How much the newest counts. */
const COST_WEIGHT = 0.05;
const SIZE_WEIGHT = 0.2;
/** A keyframe that much larger or smaller than usual shows something else than the ones before. */
const UNUSUAL = 0.3;
/** From the capture of a keyframe until it has been decoded and the model has seen it, on a box that is busy and not overloaded. */
const LOOK_TAKES_MS = 1_000;
/** Of each look, so much is saved for looks that are taken early; of all cameras, so many at most. */
const SAVED = 0.05;
const MOST_SAVED = 0.25;
/** A further decoder takes 30 MiB as long as it is needed now and then: it is used where what waits would take those that run longer than this. */
const BACKLOG_MS = 250;
/** Late by more than this, for so long, is not a moment's load. */
const LATE_SECONDS = 5;
const LATE_FOR_MS = 60_000;

export class Looks {
  readonly #decoders: Pick<Decoders, 'most' | 'decode' | 'stop'>;
  readonly #turns = new Map<object, Turn>();
  #rules: LookRules;
  /** Of decoding, and of the model where it is given the picture. */
  #costMs = FIRST_COST_MS;
  #running = 0;
  #isHanding = false;
  /** Looks that may be taken early. */
  #saved = 0;
  /** When the last look of all was begun. */
  #begunAt = 0;
  #lateSince: { readonly at: number; readonly text: string } | null = null;

  constructor(decoders: Pick<Decoders, 'most' | 'decode' | 'stop'>, rules: LookRules) {
    this.#decoders = decoders;
    this.#rules = rules;
  }

  /** Count from now on. */
  set rules(rules: LookRules) {
    this.#rules = rules;
  }

  /** How often each camera is looked at when nothing happens, as far as its keyframes allow, s. */
  get everySeconds(): number {
    const affordable = (this.#turns.size * this.#costMs) / (this.#decoders.most * this.#rules.share) / 1000;
    return Math.min(affordable, this.#rules.maxSeconds);
  }

  /** How late the camera is whose look is most overdue, s; 0 where all are in time. */
  lateSeconds(now: number): number {
    const ages = [...this.#turns.values()].map(({ lookedAt }) => (lookedAt === null ? 0 : now - lookedAt));
    return Math.max(0, Math.max(0, ...ages) / 1000 - this.#rules.maxSeconds);
  }

  /** To be asked every few seconds. */
  get troubles(): readonly AgentTrouble[] {
    const now = performance.now();
    const late = this.lateSeconds(now);
    if (late < LATE_SECONDS) {
      this.#lateSince = null;
      return [];
    }
    this.#lateSince ??= { at: now, text: timestamp(Date.now()) };
    if (now - this.#lateSince.at < LATE_FOR_MS) return [];
    const every = Math.round(this.#rules.maxSeconds + late);
    const detail = `${this.#turns.size} cameras; the one that waits longest was looked at ${every} s ago, look.maxSeconds is ${this.#rules.maxSeconds}`;
    return [{ code: 'looks_late', detail, since: this.#lateSince.text }];
  }

  /** `camera`: whose newest it is; one of before that still waits gives way. */
  offer(camera: object, { wanted, ageMs, followedMs }: Wish, bytes: number, make: () => Keyframe): void {
    const now = performance.now();
    const turn = this.#turnOf(camera, bytes);
    if (!turn.isLooking) turn.countsFrom = now - ageMs;
    const isUnusual = Math.abs(bytes - turn.usualBytes) > UNUSUAL * turn.usualBytes;
    turn.usualBytes += (bytes - turn.usualBytes) * SIZE_WEIGHT;
    if (turn.offeredAt !== null) turn.gapMs += (now - turn.offeredAt - turn.gapMs) / 2;
    turn.offeredAt = now;
    turn.followedFrom = followedMs === null ? null : now - followedMs;
    if (wanted === 'none') {
      turn.waiting?.onPassedOver();
      turn.waiting = null;
      turn.lookedAt = now;
    } else if (
      turn.waiting !== null ||
      wanted === 'each' ||
      isUnusual ||
      this.#isDue(turn, now) ||
      this.#takeEarly(turn, now)
    ) {
      turn.waiting?.onPassedOver();
      turn.waiting = make();
      if (this.#running < this.#decoders.most && this.#isWorthAnother()) void this.#drain();
    }
  }

  #isWorthAnother(): boolean {
    if (this.#running === 0) return true;
    const waiting = [...this.#turns.values()].filter((turn) => turn.waiting !== null).length;
    return (waiting * this.#costMs) / this.#running > BACKLOG_MS;
  }

  /** To be called while a picture is handed on, if the model is given it: that takes so much processor time. Otherwise it is not a look's. */
  alsoTakes(cpuMs: number): void {
    if (this.#isHanding) this.#costMs += cpuMs * COST_WEIGHT;
  }

  /** It is not looked at any more. */
  forget(camera: object): void {
    this.#turns.get(camera)?.waiting?.onPassedOver();
    this.#turns.delete(camera);
  }

  async stop(): Promise<void> {
    this.#turns.clear();
    await this.#decoders.stop();
  }

  /**
   * At the keyframe that is nearest to the time, as the next may be as late as this one is early; at the last one with which all is over
   * in time, also where the look before does not count.
   */
  #isDue(turn: Turn, now: number): boolean {
    const { lookedAt, countsFrom } = turn;
    return (
      lookedAt === null || now - countsFrom >= this.#latestMs(turn) || now - lookedAt >= this.#dueMs(turn)
    );
  }

  #latestMs({ gapMs }: Turn): number {
    return this.#rules.maxSeconds * 1000 - gapMs - LOOK_TAKES_MS;
  }

  #dueMs(turn: Turn): number {
    return Math.min(this.#latestMs(turn), this.everySeconds * 1000 - turn.gapMs / 2);
  }

  /**
   * One keyframe sooner, where nothing is looked at, and nothing has been for longer than there is between two looks if all are spread
   * evenly. Cameras that began together, or saw something together, would have their looks together from then on, each later than the
   * one before; so they are spread. What that costs is saved up from the looks before.
   */
  #takeEarly(turn: Turn, now: number): boolean {
    const { lookedAt, gapMs } = turn;
    const dueMs = this.#dueMs(turn);
    const everyMs = dueMs + gapMs / 2;
    const isIdle = this.#running === 0 && now - this.#begunAt >= everyMs / this.#turns.size;
    const part = gapMs / everyMs;
    if (lookedAt === null || now - lookedAt < dueMs - gapMs || !isIdle || this.#saved < part) return false;
    this.#saved -= part;
    return true;
  }

  #turnOf(camera: object, usualBytes: number): Turn {
    let turn = this.#turns.get(camera);
    if (turn === undefined) {
      turn = {
        waiting: null,
        lookedAt: null,
        countsFrom: 0,
        followedFrom: null,
        isLooking: false,
        offeredAt: null,
        gapMs: 0,
        usualBytes,
      };
      this.#turns.set(camera, turn);
    }
    return turn;
  }

  async #drain(): Promise<void> {
    this.#running++;
    for (let turn = this.#next(); turn !== null; turn = this.#next()) {
      const keyframe = turn.waiting as Keyframe;
      turn.waiting = null;
      const begunAt = performance.now();
      this.#begunAt = begunAt;
      this.#saved = Math.min(this.#saved + SAVED, this.#turns.size * MOST_SAVED);
      turn.lookedAt = begunAt;
      turn.countsFrom = begunAt;
      turn.isLooking = true;
      const decoded = await this.#decoders.decode(keyframe.as, keyframe.bytes);
      turn.isLooking = false;
      // Of a device nobody knows more than how long it took.
      const costMs = decoded.cpuMs ?? performance.now() - begunAt;
      if (decoded.frame !== null) this.#costMs += (costMs - this.#costMs) * COST_WEIGHT;
      this.#isHanding = true;
      keyframe.onDecoded(decoded);
      this.#isHanding = false;
    }
    this.#running--;
  }

  /**
   * Of those that wait: first, who could not be looked at in time otherwise; then where something is followed, what was seen first, so that
   * the one is known soon and not all at the end; then who has waited longest.
   */
  #next(): Turn | null {
    const now = performance.now();
    let first: { readonly turn: Turn; readonly rank: number; readonly from: number } | null = null;
    for (const turn of this.#turns.values()) {
      if (turn.waiting === null) continue;
      const { countsFrom, followedFrom } = turn;
      const rank = now - countsFrom >= this.#latestMs(turn) ? 0 : followedFrom !== null ? 1 : 2;
      const from = rank === 1 ? (followedFrom as number) : countsFrom;
      if (first === null || rank < first.rank || (rank === first.rank && from < first.from))
        first = { turn, rank, from };
    }
    return first?.turn ?? null;
  }
}
