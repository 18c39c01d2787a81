/** A keyframe as a picture by itself. */
import type { Readable, Writable } from 'node:stream';
import type { AccessUnit } from './clip.ts';
import type { Codec } from './nal.ts';
import { exitOf, gather, lastLine, start } from './process.ts';

const MAX_PICTURE_BYTES = 16 * 1024 * 1024;
const START_CODE = Buffer.from([0, 0, 0, 1]);
/** Of one keyframe there is one picture, made once, also for several who ask at the same time. */
const made = new WeakMap<AccessUnit, Promise<Buffer>>();

/** In JPEG. @throws Error with what ffmpeg says when it cannot be decoded */
export function jpegOf(unit: AccessUnit, codec: Codec, signal: AbortSignal): Promise<Buffer> {
  const known = made.get(unit);
  if (known !== undefined) return known;
  const picture = decode(unit, codec, signal);
  made.set(unit, picture);
  picture.catch(() => made.delete(unit));
  return picture;
}

async function decode({ nals }: AccessUnit, codec: Codec, signal: AbortSignal): Promise<Buffer> {
  const child = start(
    'ffmpeg',
    // biome-ignore format: one option with its value at a time
    ['-hide_banner', '-v', 'error', '-f', codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0', '-frames:v', '1',
      '-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2pipe', 'pipe:1'],
    signal,
    ['pipe', 'pipe', 'pipe'],
  );
  const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable];
  // ffmpeg's own complaint says more than the broken pipe that follows it.
  stdin.on('error', () => {});
  stdin.end(Buffer.concat(nals.flatMap((nal) => [START_CODE, nal])));
  const [jpeg, complaint] = await Promise.all([
    gather(stdout, MAX_PICTURE_BYTES),
    gather(stderr, 1024 * 1024),
    exitOf(child),
  ]).catch((error: Error) => {
    child.kill('SIGKILL');
    throw error;
  });
  if (jpeg.length === 0) throw new Error(lastLine(complaint) || 'no picture in it');
  return jpeg;
}
