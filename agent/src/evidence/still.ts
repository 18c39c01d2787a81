/** A full-resolution picture of a moment, cut from the segments that the camera's connection wrote. */

import { setTimeout as sleep } from 'node:timers/promises';
import { steadyOf } from '@roadwatch/common';
import type { NormalizedPolygon } from '@roadwatch/contract';
import type { MissingReason } from '@roadwatch/contract/codes';
import sharp from 'sharp';
import { FfmpegError, ffmpegArguments, runFfmpeg } from '../ffmpeg/process.ts';
import type { RgbPicture } from '../frame/rgb.ts';
import { PIXEL_ASPECT } from '../frame/size.ts';
import { maskSvg } from '../privacy/svg.ts';
import { type Recording, RING_SHIFT_SECONDS, type Segment } from '../ring/segments.ts';
import { hasTurn } from '../ring/turn.ts';

/** A decoded picture, privacy masks painted in. */
export interface Still extends RgbPicture {
  readonly capturedAtMs: number;
}

export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly reason: MissingReason;

  constructor(message: string, reason: MissingReason = 'not_cut') {
    super(message);
    this.reason = reason;
  }
}

/** Larger pictures are scaled down to fit: 8K as raw pixels would take 100 MB. */
const MAX_SIDE = 4096;
/** Square pixels, and no side longer than that. */
const SEEN_WIDTH = `iw*max(1,${PIXEL_ASPECT})`;
const SEEN_HEIGHT = `ih/min(1,${PIXEL_ASPECT})`;
const SHRINK = `min(1,min(${MAX_SIDE}/(${SEEN_WIDTH}),${MAX_SIDE}/(${SEEN_HEIGHT})))`;
const AS_SEEN = `scale=w='max(1,round(${SEEN_WIDTH}*${SHRINK}))':h='max(1,round(${SEEN_HEIGHT}*${SHRINK}))',setsar=1`;
/** Half a frame at 25 a second: the frame itself, not the one after it. */
const TOLERANCE_SECONDS = 0.02;
/** A moment that has just been decoded may not be on disk yet, the more so on a busy box. */
const WAIT_MS = 3_000;
/** Nor is anything else of a connection that has just begun, until its first segment is whole. */
const BEGINS_MS = 10_000;
const RETRY_MS = 150;

/**
 * The picture of a moment, or, where it does not come to the disk or has left it, the nearest that is there: damage stands
 * still, so a picture of a little earlier or later shows it too. Throws EvidenceError when there is none.
 */
export async function cutStill(
  recording: Recording,
  atMs: number,
  masks: readonly NormalizedPolygon[],
  signal: AbortSignal,
): Promise<Still> {
  const stopReading = recording.ring.readAlong();
  const still = await decodeNear(recording, atMs, signal).finally(stopReading);
  return masks.length === 0 ? still : { ...still, rgb: await paintMasks(still, masks) };
}

/** The first picture of a file of a ring. Throws EvidenceError. */
export async function cutFirst(
  { file, startSeconds }: Pick<Segment, 'file' | 'startSeconds'>,
  masks: readonly NormalizedPolygon[],
  signal: AbortSignal,
): Promise<Still> {
  try {
    const still = {
      ...(await decodeAt(file, 0, signal)),
      capturedAtMs: steadyOf(Math.round(startSeconds * 1000)),
    };
    return masks.length === 0 ? still : { ...still, rgb: await paintMasks(still, masks) };
  } catch (error) {
    throw new EvidenceError((error as Error).message);
  }
}

/**
 * Resolves when there is something to cut from, or should be: a camera whose full stream waits for its turn records nothing before.
 * Throws EvidenceError when that does not come within `withinMs`.
 */
export async function untilRecorded(
  recording: Recording,
  atMs: number,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { ring, clock } = recording;
  if (!(await hasTurn(ring, withinMs, signal)))
    throw new EvidenceError('its full stream did not have its turn in time', 'not_recorded');
  const isThere = (): boolean => {
    const at = clock.toPtsSeconds(atMs);
    return (at !== null && ring.holding(at) !== undefined) || nearestWhole(recording, atMs) !== null;
  };
  for (const until = performance.now() + BEGINS_MS; !isThere() && performance.now() < until; ) {
    if (signal.aborted || ring.isOver) return;
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

async function decodeNear(recording: Recording, atMs: number, signal: AbortSignal): Promise<Still> {
  const { ring, clock } = recording;
  let problem = 'the camera has not sent anything yet';
  for (const since = performance.now(); ; ) {
    // Asked anew each time: the clock learns from each segment how late pictures arrive.
    const at = clock.toPtsSeconds(atMs);
    const segment = at === null ? undefined : ring.holding(at);
    if (at !== null && segment !== undefined) {
      try {
        return { ...(await decodeAt(segment.file, at, signal)), capturedAtMs: atMs };
      } catch (error) {
        problem = (error as Error).message;
      }
    }
    const hasOthers = nearestWhole(recording, atMs) !== null;
    const isGone = at !== null && segment === undefined && hasOthers;
    const waitedMs = performance.now() - since;
    if (isGone || signal.aborted || ring.isOver || waitedMs >= (hasOthers ? WAIT_MS : BEGINS_MS)) break;
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
  const nearest = nearestWhole(recording, atMs);
  const nearestMs = nearest === null ? null : clock.toWallMs(nearest.startSeconds);
  if (nearest === null || nearestMs === null || signal.aborted)
    throw new EvidenceError(problem, 'not_recorded');
  try {
    return { ...(await decodeAt(nearest.file, nearest.startSeconds, signal)), capturedAtMs: nearestMs };
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

/**
 * The first frame at or after the moment, as large as it was sent: a sub-stream that the model looks at says nothing of that,
 * nor does a frame from before the camera changed its resolution.
 */
async function decodeAt(
  file: string,
  atSeconds: number,
  signal: AbortSignal,
): Promise<Omit<Still, 'capturedAtMs'>> {
  const from = (atSeconds + RING_SHIFT_SECONDS - TOLERANCE_SECONDS).toFixed(3);
  const filters = [`select=gte(t\\,${from})`, AS_SEEN, 'format=rgb24'].join(',');
  const ppm = await runFfmpeg(
    ffmpegArguments(
      [
        {
          url: file,
          foreign: ['file'],
          options: [
            // A segment begins with all that a decoder must know; reading it whole to find out costs as much as the still.
            ...['-f', 'mpegts', '-probesize', '32768', '-analyzeduration', '0', '-fpsprobesize', '0'],
            ...['-copyts', '-threads', '1'],
          ],
        },
      ],
      [
        {
          target: 'pipe:1',
          options: [
            ...['-map', '0:v:0', '-vf', filters, '-frames:v', '1', '-threads', '1'],
            ...['-c:v', 'ppm', '-f', 'image2pipe'],
          ],
        },
      ],
    ),
    { maxBytes: MAX_SIDE * MAX_SIDE * 3 + 64, timeoutMs: 15_000, signal },
  );
  const picture = parsePpm(ppm);
  if (picture === null) throw new FfmpegError('the moment is not on disk yet');
  return picture;
}

/** Netpbm's binary form: `P6`, width, height and the largest value as text, then packed RGB. Null when it is not whole. */
function parsePpm(bytes: Buffer): Omit<Still, 'capturedAtMs'> | null {
  const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(bytes.subarray(0, 64).toString('latin1'));
  if (header === null) return null;
  const [width, height] = [Number(header[1]), Number(header[2])];
  const rgb = bytes.subarray(header[0].length);
  return rgb.length === width * height * 3 ? { width, height, rgb } : null;
}

async function paintMasks(
  { width, height, rgb }: Pick<Still, 'width' | 'height' | 'rgb'>,
  masks: readonly NormalizedPolygon[],
): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .composite([{ input: maskSvg(masks, { width, height }) }])
    .removeAlpha()
    .raw()
    .toBuffer();
}
