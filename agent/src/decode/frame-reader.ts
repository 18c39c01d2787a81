/**
 * Raw frames from a pipe into slots of shared memory, each matched with its line of the log. Pipe and log are two streams
 * without an order between them, so whichever comes first waits for the other; both carry frames in the same order.
 */

import type { FrameInfo } from '../ffmpeg/frame-info.ts';
import type { FramePool } from '../frame/pool.ts';

const MAX_WAITING = 256;

/** A frame that has been read; a slot is null when all were taken and its bytes were passed over, or there is no far part. */
export interface ReadFrame {
  readonly slot: number | null;
  readonly farSlot: number | null;
  readonly info: FrameInfo;
  readonly arrivedAtMs: number;
}

export class FrameReader {
  readonly #pool: FramePool;
  readonly #pictures: 1 | 2;
  readonly #onFrame: (frame: ReadFrame) => void;
  readonly #infos: FrameInfo[] = [];
  readonly #filled: { slot: number | null; arrivedAtMs: number }[] = [];
  #slot: number | null = null;
  #offset = 0;

  /** `pictures`: of each frame, the whole and perhaps its far part. `onFrame` takes over the slots. */
  constructor(pool: FramePool, pictures: 1 | 2, onFrame: (frame: ReadFrame) => void) {
    this.#pool = pool;
    this.#pictures = pictures;
    this.#onFrame = onFrame;
  }

  /** `nowMs` is the wall-clock time at which the bytes came. */
  push(chunk: Uint8Array, nowMs: number): void {
    const size = this.#pool.format.bytes;
    for (let at = 0; at < chunk.length; ) {
      if (this.#offset === 0) this.#slot = this.#pool.acquire();
      const length = Math.min(size - this.#offset, chunk.length - at);
      if (this.#slot !== null) {
        this.#pool.pixels(this.#slot).set(chunk.subarray(at, at + length), this.#offset);
      }
      this.#offset += length;
      at += length;
      if (this.#offset < size) return;
      this.#offset = 0;
      this.#filled.push({ slot: this.#slot, arrivedAtMs: nowMs });
      this.#slot = null;
      this.#match();
    }
  }

  describe(info: FrameInfo): void {
    if (this.#infos.length < MAX_WAITING) this.#infos.push(info);
    this.#match();
  }

  /** Gives back what it holds. */
  close(): void {
    if (this.#slot !== null) this.#pool.release(this.#slot);
    for (const { slot } of this.#filled) if (slot !== null) this.#pool.release(slot);
    this.#slot = null;
    this.#filled.length = 0;
    this.#offset = 0;
  }

  #match(): void {
    while (this.#filled.length >= this.#pictures && this.#infos.length > 0) {
      const [whole, far] = this.#filled.splice(0, this.#pictures);
      const { slot, arrivedAtMs } = whole as { slot: number | null; arrivedAtMs: number };
      const farSlot = far?.slot ?? null;
      const info = this.#infos.shift() as FrameInfo;
      // Without the whole picture its part is of no use.
      if (slot === null && farSlot !== null) this.#pool.release(farSlot);
      this.#onFrame({ slot, farSlot: slot === null ? null : farSlot, info, arrivedAtMs });
    }
  }
}
