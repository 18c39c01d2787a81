/** A full-resolution picture of a moment, cut from the segments that the camera's connection wrote. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NormalizedPolygon } from '@roadwatch/contract';
import sharp from 'sharp';
import { FfmpegError, ffmpegArguments, runFfmpeg } from '../camera/ffmpeg.ts';
import { type Recording, RING_SHIFT_SECONDS } from '../camera/segments.ts';
import { maskSvg } from './privacy.ts';

/** A decoded picture: packed RGB, privacy masks painted in. */
export interface Still {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
  readonly capturedAtMs: number;
}

export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}

/** Larger pictures are scaled down to this width: 8K as raw pixels would take 100 MB. */
const MAX_WIDTH = 4096;
const MAX_HEIGHT = 4096;
/** Half a frame at 25 a second: the frame itself, not the one after it. */
const TOLERANCE_SECONDS = 0.02;
/** A moment that has just been decoded may not be on disk whole. */
const RETRIES = 3;
const RETRY_MS = 150;

/** Throws EvidenceError when the moment is no longer, or not yet, in the ring. */
export async function cutStill(
  recording: Recording,
  atMs: number,
  source: { readonly width: number; readonly height: number },
  masks: readonly NormalizedPolygon[],
  signal: AbortSignal,
): Promise<Still> {
  const at = recording.clock.toPtsSeconds(atMs);
  if (at === null) throw new EvidenceError('the camera has not sent anything yet');
  const scale = Math.min(1, MAX_WIDTH / source.width, MAX_HEIGHT / source.height);
  const width = Math.max(1, Math.round(source.width * scale));
  const height = Math.max(1, Math.round(source.height * scale));
  for (let attempt = 0; ; attempt++) {
    const segment = recording.ring.between(at, at + TOLERANCE_SECONDS).at(0);
    try {
      if (segment === undefined) throw new EvidenceError('the moment is no longer in the ring');
      const raw = await decodeAt(segment.file, at, { width, height }, signal);
      const rgb = masks.length === 0 ? raw : await paintMasks(raw, { width, height }, masks);
      return { width, height, rgb, capturedAtMs: atMs };
    } catch (error) {
      if (attempt === RETRIES || signal.aborted) throw new EvidenceError((error as Error).message);
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

/** The first frame at or after the moment. */
async function decodeAt(
  file: string,
  atSeconds: number,
  { width, height }: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const from = (atSeconds + RING_SHIFT_SECONDS - TOLERANCE_SECONDS).toFixed(3);
  const bytes = 3 * width * height;
  const raw = await runFfmpeg(
    ffmpegArguments(
      [{ url: file, options: ['-f', 'mpegts', '-copyts', '-threads', '1'] }],
      [
        {
          target: 'pipe:1',
          options: [
            ...['-map', '0:v:0', '-vf', `select=gte(t\\,${from}),scale=${width}:${height},format=rgb24`],
            ...['-frames:v', '1', '-threads', '1', '-f', 'rawvideo'],
          ],
        },
      ],
    ),
    { maxBytes: bytes, timeoutMs: 15_000, signal },
  );
  if (raw.length !== bytes) throw new FfmpegError('the moment is not on disk yet');
  return raw;
}

async function paintMasks(
  rgb: Buffer,
  size: { readonly width: number; readonly height: number },
  masks: readonly NormalizedPolygon[],
): Promise<Buffer> {
  return sharp(rgb, { raw: { ...size, channels: 3 } })
    .composite([{ input: maskSvg(masks, size) }])
    .removeAlpha()
    .raw()
    .toBuffer();
}
