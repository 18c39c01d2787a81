/**
 * Writes into a ring what comes, in order, and tells when the disk does not keep up or gives way. A few times a second where nobody
 * reads along, for each write costs as much as the picture in it; at once where somebody does.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { SegmentRing } from './segments.ts';
import { PACKET, type Packets } from './transport-stream.ts';

type Step =
  | { readonly kind: 'write'; readonly buffer: Buffer; readonly length: number }
  | { readonly kind: 'cut'; readonly startSeconds: number; readonly endSeconds: number };

export interface RingWriterEvents {
  /** So many bytes are on disk. */
  onWritten(bytes: number): void;
  /** Nothing more is written. */
  onError(error: Error): void;
}

const FLUSH_MS = 200;
const BUFFER_BYTES = 128 * 1024;
/** That any of the rings may fill next, as many as there are rings: a new one for each write is more to tidy up than to write. */
const kept: Buffer[] = [];
let rings = 0;

export class RingWriter {
  readonly #ring: SegmentRing;
  readonly #events: RingWriterEvents;
  readonly #steps: Step[] = [];
  #filling: Buffer = emptyBuffer();
  #length = 0;
  #queued = 0;
  #file: FileHandle | null = null;
  #running: Promise<void> | null = null;
  #due: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(ring: SegmentRing, events: RingWriterEvents) {
    this.#ring = ring;
    this.#events = events;
    rings++;
  }

  /** Bytes that wait for the disk. */
  get queuedBytes(): number {
    return this.#queued;
  }

  append({ count, write }: Packets): void {
    if (this.#isOver) return;
    for (let first = 0; first < count; ) {
      const room = Math.floor((BUFFER_BYTES - this.#length) / PACKET);
      const taken = Math.min(room, count - first);
      write(this.#filling, this.#length, first, taken);
      this.#length += taken * PACKET;
      this.#queued += taken * PACKET;
      first += taken;
      if (taken === room) this.#flush();
    }
    if (this.#ring.isReadAlong) this.#flush();
    else if (this.#length > 0) this.#due ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** What has been written since the last cut is a segment of these times. */
  cut(startSeconds: number, endSeconds: number): void {
    if (this.#isOver) return;
    this.#flush();
    this.#push({ kind: 'cut', startSeconds, endSeconds });
  }

  /** What waits is given up. To be called once. */
  async close(): Promise<void> {
    this.#end();
    rings--;
    await this.#running;
    await this.#file?.close().catch(() => {});
    this.#file = null;
  }

  #flush(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
    if (this.#length === 0) return;
    this.#push({ kind: 'write', buffer: this.#filling, length: this.#length });
    this.#filling = emptyBuffer();
    this.#length = 0;
  }

  #push(step: Step): void {
    this.#steps.push(step);
    this.#running ??= this.#drain();
  }

  #end(): void {
    this.#isOver = true;
    this.#steps.length = 0;
    this.#length = 0;
    this.#queued = 0;
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
  }

  async #drain(): Promise<void> {
    try {
      for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
        if (step.kind === 'write') await this.#write(step);
        else await this.#cut(step);
      }
    } catch (error) {
      const wasOver = this.#isOver;
      this.#end();
      if (!wasOver) this.#events.onError(error as Error);
    } finally {
      this.#running = null;
    }
  }

  async #write({ buffer, length }: Extract<Step, { kind: 'write' }>): Promise<void> {
    this.#file ??= await open(this.#ring.open.file, 'a', 0o600);
    for (let at = 0; at < length; ) {
      at += (await this.#file.write(buffer, at, length - at)).bytesWritten;
    }
    if (kept.length < rings) kept.push(buffer);
    if (this.#isOver) return;
    this.#queued -= length;
    this.#events.onWritten(length);
  }

  async #cut({ startSeconds, endSeconds }: Extract<Step, { kind: 'cut' }>): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
    if (!this.#isOver) this.#ring.finishOpen(startSeconds, endSeconds);
  }
}

function emptyBuffer(): Buffer {
  return kept.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
}
