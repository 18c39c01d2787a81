/** What a camera shows over time: clips one after another, the last part again and again, with times that never jump back. */
import type { AccessUnit, Clip } from './clip.ts';

export interface Segment {
  readonly clip: Clip;
  /** Ticks to play; the clip repeats, or is cut, to fill them. */
  readonly ticks: number;
}

/** An access unit at its place on the timeline. `dts` and `pts` are ticks since the timeline began. */
export interface TimedUnit {
  readonly unit: AccessUnit;
  readonly dts: number;
  readonly pts: number;
}

interface Cursor {
  segment: number;
  /** Timeline tick at which the current pass of the segment's clip began. */
  passStart: number;
  /** Timeline tick at which the segment ends. */
  segmentEnd: number;
  unit: number;
}

export class Timeline {
  readonly #once: readonly Segment[];
  readonly #loop: readonly Segment[];
  readonly #onceTicks: number;
  readonly #loopTicks: number;

  /** @param loop at least one segment; played for ever after `once`. */
  constructor(loop: readonly Segment[], once: readonly Segment[] = []) {
    if (loop.length === 0) throw new RangeError('a timeline needs something to loop');
    this.#once = once;
    this.#loop = loop;
    this.#onceTicks = sum(once);
    this.#loopTicks = sum(loop);
    if (this.#loopTicks <= 0) throw new RangeError('the looped part of a timeline must last');
  }

  static looping(clip: Clip): Timeline {
    return new Timeline([{ clip, ticks: clip.ticks }]);
  }

  /** The first clip: what a client is told before it plays. */
  get firstClip(): Clip {
    return this.#segment(0).clip;
  }

  /** Every clip that is played, each once. */
  get clips(): ReadonlySet<Clip> {
    return new Set([...this.#once, ...this.#loop].map(({ clip }) => clip));
  }

  /** The same timeline with other clips, which last as long as those that they replace. */
  map(other: (clip: Clip) => Clip): Timeline {
    const mapped = (segments: readonly Segment[]): Segment[] =>
      segments.map(({ clip, ticks }) => ({ clip: other(clip), ticks }));
    return new Timeline(mapped(this.#loop), mapped(this.#once));
  }

  /** A reader that begins at the last keyframe due at or before `ticks`. */
  readFrom(ticks: number): TimelineReader {
    const at = Math.max(0, ticks);
    let start = 0;
    let index = 0;
    if (at >= this.#onceTicks) {
      const rounds = Math.floor((at - this.#onceTicks) / this.#loopTicks);
      start = this.#onceTicks + rounds * this.#loopTicks;
      index = this.#once.length + rounds * this.#loop.length;
    }
    while (at >= start + this.#segment(index).ticks) {
      start += this.#segment(index).ticks;
      index++;
    }
    const { clip, ticks: length } = this.#segment(index);
    const passStart = start + Math.floor((at - start) / clip.ticks) * clip.ticks;
    let unit = 0;
    for (let i = 0; i < clip.units.length; i++) {
      const candidate = clip.units[i] as AccessUnit;
      if (passStart + candidate.dts > at) break;
      if (candidate.keyframe) unit = i;
    }
    return new TimelineReader((n) => this.#segment(n), {
      segment: index,
      passStart,
      segmentEnd: start + length,
      unit,
    });
  }

  #segment(index: number): Segment {
    const once = this.#once[index];
    if (once !== undefined) return once;
    return this.#loop[(index - this.#once.length) % this.#loop.length] as Segment;
  }
}

export class TimelineReader {
  readonly #segmentAt: (index: number) => Segment;
  readonly #cursor: Cursor;

  constructor(segmentAt: (index: number) => Segment, cursor: Cursor) {
    this.#segmentAt = segmentAt;
    this.#cursor = cursor;
  }

  /** The next unit, without taking it. */
  peek(): TimedUnit {
    const { segment, passStart, unit } = this.#cursor;
    const found = this.#segmentAt(segment).clip.units[unit] as AccessUnit;
    return { unit: found, dts: passStart + found.dts, pts: passStart + found.pts };
  }

  get clip(): Clip {
    return this.#segmentAt(this.#cursor.segment).clip;
  }

  next(): TimedUnit {
    const taken = this.peek();
    const cursor = this.#cursor;
    const { clip } = this.#segmentAt(cursor.segment);
    cursor.unit++;
    if (cursor.unit === clip.units.length) {
      cursor.unit = 0;
      cursor.passStart += clip.ticks;
    }
    if (cursor.passStart + (clip.units[cursor.unit] as AccessUnit).dts >= cursor.segmentEnd) {
      cursor.segment++;
      cursor.unit = 0;
      cursor.passStart = cursor.segmentEnd;
      cursor.segmentEnd += this.#segmentAt(cursor.segment).ticks;
    }
    return taken;
  }
}

function sum(segments: readonly Segment[]): number {
  return segments.reduce((total, segment) => total + segment.ticks, 0);
}
