/** A full-resolution picture of a moment, cut from the segments that the camera's connection wrote. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NormalizedPolygon } from '@roadwatch/contract';
import sharp from 'sharp';
import { FfmpegError, ffmpegArguments, runFfmpeg } from '../camera/ffmpeg.ts';
import { type Recording, RING_SHIFT_SECONDS, type Segment } from '../camera/segments.ts';
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
/** A moment that has just been decoded may not be on disk yet, the more so on a busy box. */
const WAIT_MS = 3_000;
const RETRY_MS = 150;

/**
 * The picture of a moment, or, where it does not come to the disk or has left it, the nearest that is there: damage stands
 * still, so a picture of a little earlier or later shows it too. Throws EvidenceError when there is none.
 */
export async function cutStill(
  recording: Recording,
  atMs: number,
  source: { readonly width: number; readonly height: number },
  masks: readonly NormalizedPolygon[],
  signal: AbortSignal,
): Promise<Still> {
  const scale = Math.min(1, MAX_WIDTH / source.width, MAX_HEIGHT / source.height);
  const width = Math.max(1, Math.round(source.width * scale));
  const height = Math.max(1, Math.round(source.height * scale));
  const { raw, capturedAtMs } = await decodeNear(recording, atMs, { width, height }, signal);
  const rgb = masks.length === 0 ? raw : await paintMasks(raw, { width, height }, masks);
  return { width, height, rgb, capturedAtMs };
}

async function decodeNear(
  recording: Recording,
  atMs: number,
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<{ readonly raw: Buffer; readonly capturedAtMs: number }> {
  const { ring, clock } = recording;
  let problem = 'the camera has not sent anything yet';
  for (const giveUpAt = Date.now() + WAIT_MS; ; ) {
    // Asked anew each time: the clock learns from each segment how late pictures arrive.
    const at = clock.toPtsSeconds(atMs);
    const segment = at === null ? undefined : ring.between(at, at + TOLERANCE_SECONDS).at(0);
    if (at !== null && segment !== undefined) {
      try {
        return { raw: await decodeAt(segment.file, at, size, signal), capturedAtMs: atMs };
      } catch (error) {
        problem = (error as Error).message;
      }
    }
    const isGone = at !== null && segment === undefined;
    if (isGone || signal.aborted || Date.now() >= giveUpAt) break;
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
  const nearest = nearestWhole(recording, atMs);
  const nearestMs = nearest === null ? null : clock.toWallMs(nearest.startSeconds);
  if (nearest === null || nearestMs === null || signal.aborted) throw new EvidenceError(problem);
  try {
    return {
      raw: await decodeAt(nearest.file, nearest.startSeconds, size, signal),
      capturedAtMs: nearestMs,
    };
  } catch (error) {
    throw new EvidenceError((error as Error).message);
  }
}

/** The segment, whole on disk, that begins nearest to the moment. */
function nearestWhole({ ring, clock }: Recording, atMs: number): Segment | null {
  const at = clock.toPtsSeconds(atMs);
  const whole = ring
    .between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    .filter(({ endSeconds }) => Number.isFinite(endSeconds));
  if (at === null || whole.length === 0) return null;
  return whole.reduce((best, segment) =>
    Math.abs(segment.startSeconds - at) < Math.abs(best.startSeconds - at) ? segment : best,
  );
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
