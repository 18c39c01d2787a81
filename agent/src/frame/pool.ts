/**
 * Frames on their way from ffmpeg to the model, in one block of shared memory: a camera fills a slot, the session's worker
 * reads the same bytes, nothing is copied or allocated per frame.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Size } from './size.ts';

const SPARE_SLOTS = 10;
/** As many as the most cameras of a box need. Memory is taken when a slot is there; until then it is but room for addresses. */
const MOST_SLOTS = 2 * (256 + SPARE_SLOTS);

export interface FrameFormat extends Size {
  /** Bytes of one frame: three planes of `width` x `height`. */
  readonly bytes: number;
}

/** Planar uint8 of the model's input size, as ffmpeg's `gbrp` packs it. */
export function planarFormat({ width, height }: Size): FrameFormat {
  return { width, height, bytes: 3 * width * height };
}

/** A filled slot. Its holder passes it on or releases it, once. */
export interface Frame {
  readonly slot: number;
  /** Wall-clock time of capture, ms since 1970. */
  readonly capturedAtMs: number;
  /** The part of the model's input, from its top left, that the picture covers; the rest is padding. */
  readonly content: Size;
  /** The camera's own resolution. */
  readonly source: Size;
  /** The far part of the same picture, enlarged, where the camera is looked at twice. */
  readonly far?: FarPart | undefined;
}

export interface FarPart {
  readonly slot: number;
  readonly content: Size;
  /** Where it lies in the picture. */
  readonly window: NormalizedBox;
}

export class FramePool {
  readonly format: FrameFormat;
  readonly buffer: SharedArrayBuffer;
  readonly #views: Uint8Array[] = [];
  readonly #free: number[] = [];

  constructor(format: FrameFormat, slots: number) {
    this.format = format;
    this.buffer = new SharedArrayBuffer(0, { maxByteLength: format.bytes * Math.max(slots, MOST_SLOTS) });
    this.growTo(slots);
  }

  /** There are so many slots from now on, or as many as before if these were more: frames may be in any of them. */
  growTo(slots: number): void {
    const before = this.#views.length;
    if (slots <= before) return;
    this.buffer.grow(this.format.bytes * slots);
    for (let slot = before; slot < slots; slot++) {
      this.#views.push(slotView(this.buffer, this.format, slot));
      this.#free.unshift(slot);
    }
  }

  get freeSlots(): number {
    return this.#free.length;
  }

  /** A slot to fill, or null when all are taken: the caller drops its frame and counts it. */
  acquire(): number | null {
    return this.#free.pop() ?? null;
  }

  /** The bytes of a slot: planes G, B, R, each `height` rows of `width`. */
  pixels(slot: number): Uint8Array {
    const view = this.#views[slot];
    if (view === undefined) throw new RangeError(`slot ${slot} of a pool of ${this.#views.length}`);
    return view;
  }

  /** Both slots of a frame that has two. */
  releaseFrame({ slot, far }: Frame): void {
    this.release(slot);
    if (far !== undefined) this.release(far.slot);
  }

  release(slot: number): void {
    if (this.#free.includes(slot)) throw new Error(`slot ${slot} was released twice`);
    this.#free.push(slot);
  }
}

/** For these cameras: one slot for each picture that a camera may have waiting, and some that are being filled. */
export function slotsFor(cameras: readonly { readonly farPass: boolean }[]): number {
  const pictures = cameras.reduce((sum, { farPass }) => sum + (farPass ? 2 : 1), 0);
  return pictures + SPARE_SLOTS * (cameras.some(({ farPass }) => farPass) ? 2 : 1);
}

export function slotView(buffer: SharedArrayBuffer, format: FrameFormat, slot: number): Uint8Array {
  return new Uint8Array(buffer, slot * format.bytes, format.bytes);
}
