/** Reads a ring as it is being written: from the keyframe that the newest file begins with, and on into the files after it. */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Segment, SegmentRing, StreamNeed } from './segments.ts';
import { RingWatch } from './watch.ts';

const READ_BYTES = 64 * 1024;

export interface RingReader {
  /** What it reads for. */
  readonly need: StreamNeed;
  /** The bytes are good until it resolves. */
  take(bytes: Uint8Array): Promise<void>;
  /** Asked before each look. */
  goesOn(): boolean;
}

/** Resolves when the reader has enough, when it is aborted, or when the ring has been begun anew. */
export async function followRing(ring: SegmentRing, reader: RingReader, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let segment: Segment = ring.open;
  let file: FileHandle | null = null;
  let hasBegun = false;
  const watch = new RingWatch(dirname(segment.file));
  const leave = ring.follow(reader.need);
  const stopReading = ring.readAlong();
  /** Whether there was anything. */
  const read = async (): Promise<boolean> => {
    const bytes = file === null ? 0 : (await file.read(buffer, 0, READ_BYTES)).bytesRead;
    if (bytes === 0) return false;
    hasBegun = true;
    await reader.take(buffer.subarray(0, bytes));
    return true;
  };
  try {
    while (!signal.aborted && reader.goesOn()) {
      file ??= await open(segment.file).catch(() => null);
      if (await read()) continue;
      const next = ring.after(segment);
      if (next === null) {
        if (segment.file !== ring.open.file) {
          if (hasBegun) return;
          // It had not been begun when it was asked for.
          segment = ring.open;
          continue;
        }
        await watch.change(signal);
        continue;
      }
      // It is complete only when it was read to its end after the next one had begun.
      if (await read()) continue;
      await file?.close();
      file = null;
      segment = next;
    }
  } finally {
    stopReading();
    leave();
    watch.close();
    await file?.close();
  }
}
