/** One picture or clip on its way in parts: which of its bytes the gateway has, and which are under way. */
import { MIN_PART_BYTES, partTopic, sha256 } from '@roadwatch/contract';
import type { StoredMessage } from './outbox.ts';
import { addRange, bytesIn, firstGap, overlap, type Range, withoutRange } from './ranges.ts';

/** A file that the gateway refuses, or cannot put together, is begun anew so often in all. */
const MAX_TRIES = 3;
/** So often is the gateway asked what has become of a file before it is begun anew. */
const MAX_ASKS = 3;

export interface Part {
  readonly range: Range;
  readonly topic: string;
  readonly payload: Buffer;
  /** Bytes of it that have been sent before. */
  readonly again: number;
}

interface Sent {
  readonly range: Range;
  /** When the broker confirmed it; null: not yet. */
  confirmedAtMs: number | null;
  readonly attempts: number;
}

export class Transfer {
  readonly message: StoredMessage;
  #acknowledged: readonly Range[];
  #ever: readonly Range[];
  readonly #underWay = new Set<Sent>();
  /** By the SHA-256 of their payloads, which is how the gateway names them; also of a connection before. */
  readonly #ranges = new Map<string, Range[]>();
  #attempts = new Map<number, number>();
  #tries = 0;
  #asks = 0;
  #wholeSinceMs: number | null = null;

  constructor(message: StoredMessage, acknowledged: readonly Range[]) {
    this.message = message;
    this.#acknowledged = acknowledged;
    this.#ever = acknowledged;
  }

  get acknowledged(): readonly Range[] {
    return this.#acknowledged;
  }
  /** Bytes that the gateway does not have yet. */
  get leftBytes(): number {
    return this.#total - bytesIn(this.#acknowledged);
  }
  /** Bytes for which there is no answer yet. */
  get underWayBytes(): number {
    return [...this.#underWay].reduce((sum, { range }) => sum + range[1] - range[0], 0);
  }
  /** The gateway has left a part unanswered, and it has been sent again. */
  get isUnanswered(): boolean {
    return this.#attempts.size > 0;
  }
  /** All of it has been sent. */
  get isSent(): boolean {
    return firstGap(this.#covered, this.#total) === null;
  }

  get #total(): number {
    return this.message.payload.byteLength;
  }

  get #covered(): readonly Range[] {
    return [...this.#underWay].reduce<readonly Range[]>(
      (all, { range }) => addRange(all, range),
      this.#acknowledged,
    );
  }

  /** The next part, at most so large; null when all have been sent. It is under way from now on. */
  next(maxBytes: number): Part | null {
    const gap = firstGap(this.#covered, this.#total);
    if (gap === null) return null;
    // What is left of a gap may be smaller than a part; then it laps over what is there already.
    const end = Math.min(this.#total, Math.max(Math.min(gap[1], gap[0] + maxBytes), gap[0] + MIN_PART_BYTES));
    const range: Range = [gap[0], end];
    const payload = Buffer.from(this.message.payload.subarray(...range));
    const again = overlap(this.#ever, range);
    this.#ever = addRange(this.#ever, range);
    this.#underWay.add({ range, confirmedAtMs: null, attempts: this.#attempts.get(range[0]) ?? 0 });
    const hash = sha256(payload);
    const alike = this.#ranges.get(hash) ?? [];
    if (!alike.some((one) => isSame(one, range))) this.#ranges.set(hash, [...alike, range]);
    const { topic, sha256: name } = this.message;
    return {
      range,
      topic: partTopic(topic, { sha256: name, start: range[0], total: this.#total }),
      payload,
      again,
    };
  }

  confirmed({ range }: Part, nowMs: number): void {
    for (const sent of this.#underWay) if (isSame(sent.range, range)) sent.confirmedAtMs = nowMs;
  }

  /** Whether the gateway's answer is to a part of this file, which then is counted as stored. */
  stored(hash: string): boolean {
    const range = this.#take(hash);
    if (range === null) return false;
    this.#acknowledged = addRange(this.#acknowledged, range);
    return true;
  }

  /** Whether the answer is to a part of this file, or to the file: then it begins anew, or `isHopeless`. */
  refused(hash: string): boolean {
    if (hash !== this.message.sha256 && this.#take(hash) === null) return false;
    this.#tries++;
    this.#beginAnew();
    return true;
  }

  get isHopeless(): boolean {
    return this.#tries >= MAX_TRIES;
  }

  /** The gateway is there: what it has left unanswered need not wait longer than anything else. */
  answered(): void {
    this.#attempts = new Map();
  }

  /** The connection is gone, and what was under way with it. */
  reset(): void {
    this.#underWay.clear();
    this.#attempts.clear();
    this.#wholeSinceMs = null;
  }

  /** What has been left unanswered for so long is sent again. Returns whether something is. */
  repeat(timeoutMs: number, nowMs: number): boolean {
    let repeats = false;
    for (const { range, confirmedAtMs, attempts } of [...this.#underWay]) {
      const waitMs = timeoutMs * 2 ** Math.min(attempts, 4);
      if (confirmedAtMs === null || nowMs - confirmedAtMs < waitMs) continue;
      this.#end(range);
      this.#attempts.set(range[0], attempts + 1);
      repeats = true;
    }
    if (this.leftBytes > 0) this.#wholeSinceMs = null;
    else {
      this.#wholeSinceMs ??= nowMs;
      if (nowMs - this.#wholeSinceMs < timeoutMs * 2 ** Math.min(this.#asks, 4)) return repeats;
      // Any part makes the gateway say what it has.
      if (++this.#asks % MAX_ASKS === 0) this.#beginAnew();
      else
        this.#acknowledged = withoutRange(this.#acknowledged, [
          Math.max(0, this.#total - MIN_PART_BYTES),
          this.#total,
        ]);
      this.#wholeSinceMs = null;
      repeats = true;
    }
    return repeats;
  }

  #beginAnew(): void {
    this.#acknowledged = [];
    this.#ranges.clear();
    this.reset();
  }

  #end(range: Range): void {
    for (const sent of this.#underWay) if (isSame(sent.range, range)) this.#underWay.delete(sent);
  }

  /** Parts that look alike are answered alike: one answer is for one of them. */
  #take(hash: string): Range | null {
    const alike = this.#ranges.get(hash) ?? [];
    const range =
      alike.find((one) => [...this.#underWay].some((sent) => isSame(sent.range, one))) ?? alike[0];
    if (range === undefined) return null;
    const rest = alike.filter((one) => one !== range);
    if (rest.length === 0) this.#ranges.delete(hash);
    else this.#ranges.set(hash, rest);
    this.#attempts.delete(range[0]);
    this.#end(range);
    return range;
  }
}

function isSame(a: Range, b: Range): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
