/**
 * Raw frames from a pipe into slots of shared memory, each matched with its line of the log. Pipe and log are two streams
 * without an order between them, so whichever comes first waits for the other; both carry frames in the same order.
 */
import type { FramePool } from '../detect/frames.ts';
import type { FrameInfo } from './frame-info.ts';

const MAX_WAITING = 256;

/** A frame that has been read; `slot` is null when all slots were taken and its bytes were passed over. */
export interface ReadFrame {
  readonly slot: number | null;
  readonly info: FrameInfo;
  readonly arrivedAtMs: number;
}

export class FrameReader {
  readonly #pool: FramePool;
  readonly #onFrame: (frame: ReadFrame) => void;
  readonly #infos: FrameInfo[] = [];
  readonly #filled: { slot: number | null; arrivedAtMs: number }[] = [];
  #slot: number | null = null;
  #offset = 0;

  /** `onFrame` takes over the slot. */
  constructor(pool: FramePool, onFrame: (frame: ReadFrame) => void) {
    this.#pool = pool;
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
    while (this.#filled.length > 0 && this.#infos.length > 0) {
      const frame = this.#filled.shift() as { slot: number | null; arrivedAtMs: number };
      this.#onFrame({ ...frame, info: this.#infos.shift() as FrameInfo });
    }
  }
}
