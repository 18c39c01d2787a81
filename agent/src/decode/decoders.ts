/** Few decoders for many cameras, each for the cameras whose pictures are read in the same way. */
import { availableParallelism } from 'node:os';
import type { Manifest } from '@roadwatch/models';
import type { FramePool } from '../frame/pool.ts';
import { type DecodeAs, type Decoded, KeyframeDecoder } from './keyframe-decoder.ts';

/** There are cameras of both codecs, with sub-streams of several shapes: to begin a decoder anew for each look costs more than to keep it. */
const MOST_KEPT = 6;
/** One that nobody has needed for so long is ended. */
const IDLE_MS = 60_000;
const NOTHING: Decoded = { frame: null, isDamaged: false, cpuMs: null };

interface Kept {
  readonly decoder: KeyframeDecoder;
  usedAt: number;
}

export class Decoders {
  readonly #input: Manifest['input'];
  readonly #pool: FramePool;
  readonly #most: number;
  readonly #kept = new Set<Kept>();
  readonly #ending = new Set<Promise<void>>();
  readonly #tidy: NodeJS.Timeout;
  #isStopped = false;

  constructor(input: Manifest['input'], pool: FramePool, most = availableParallelism()) {
    this.#input = input;
    this.#pool = pool;
    this.#most = most;
    this.#tidy = setInterval(() => this.#endIdle(), IDLE_MS / 4).unref();
  }

  /** How many may be asked at the same time. */
  get most(): number {
    return this.#most;
  }

  /** Never rejects. No more than `most` are to be asked at a time. */
  async decode(as: DecodeAs, bytes: Buffer): Promise<Decoded> {
    if (this.#isStopped) return NOTHING;
    const kept = this.#take(as);
    try {
      return await kept.decoder.decode(bytes);
    } finally {
      kept.usedAt = performance.now();
      if (kept.decoder.isOver) this.#end(kept);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#tidy);
    for (const kept of this.#kept) this.#end(kept);
    await Promise.all(this.#ending);
  }

  #take(as: DecodeAs): Kept {
    const idle = [...this.#kept].filter(({ decoder }) => !decoder.isBusy);
    for (const kept of idle) if (kept.decoder.isOver) this.#end(kept);
    const fitting = idle.find(({ decoder }) => !decoder.isOver && isSame(decoder.as, as));
    if (fitting !== undefined) return fitting;
    if (this.#kept.size >= Math.max(this.#most, MOST_KEPT)) {
      const [oldest] = idle.sort((a, b) => a.usedAt - b.usedAt);
      if (oldest !== undefined) this.#end(oldest);
    }
    const kept = { decoder: new KeyframeDecoder(as, this.#input, this.#pool), usedAt: performance.now() };
    this.#kept.add(kept);
    return kept;
  }

  #endIdle(): void {
    const before = performance.now() - IDLE_MS;
    for (const kept of this.#kept) if (!kept.decoder.isBusy && kept.usedAt < before) this.#end(kept);
  }

  #end(kept: Kept): void {
    this.#kept.delete(kept);
    const ending = kept.decoder.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

function isSame(one: DecodeAs, other: DecodeAs): boolean {
  return (
    one.codec === other.codec &&
    one.decoder === other.decoder &&
    one.far?.join() === other.far?.join() &&
    ratioOf(one.shape) === ratioOf(other.shape)
  );
}

function ratioOf(shape: DecodeAs['shape']): string {
  return shape === null ? '' : (shape.width / shape.height).toFixed(3);
}
