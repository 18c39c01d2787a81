/** What a camera's connection has written of six seconds. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CaptureClock } from '../../../agent/src/ring/capture-clock.ts';
import { RING_SHIFT_SECONDS, SegmentRing } from '../../../agent/src/ring/segments.ts';
import { temporaryFolder } from '../../support/temp.ts';

const run = promisify(execFile);
/** Wall-clock time of the first frame. */
export const BEGAN_MS = 1_750_000_000_000;
export const RING_BYTES = 10_000_000;

/** In segments of two seconds: red, then green, then blue. */
export async function threeColours(): Promise<{ readonly ring: SegmentRing; readonly clock: CaptureClock }> {
  const ring = new SegmentRing(join(await temporaryFolder(), 'ring'), { seconds: 30, maxBytes: RING_BYTES });
  const clock = new CaptureClock();
  const { pattern } = ring.begin();
  const list = join(dirname(pattern), 'list.csv');
  const colours = ['red', 'green', 'blue'].flatMap((colour) => [
    ...['-f', 'lavfi', '-i', `color=${colour}:size=320x180:rate=25:duration=2`],
  ]);
  await run('ffmpeg', [
    ...['-v', 'error', ...colours, '-filter_complex', '[0][1][2]concat=n=3'],
    ...['-c:v', 'libx264', '-bf', '0', '-g', '50', '-sc_threshold', '0', '-output_ts_offset'],
    ...[String(RING_SHIFT_SECONDS), '-muxdelay', '0', '-f', 'segment', '-segment_time', '2'],
    ...['-segment_format', 'mpegts', '-segment_list', list, '-segment_list_type', 'csv', pattern],
  ]);
  for (const line of (await readFile(list, 'utf8')).trim().split('\n')) ring.finish(basename(line));
  clock.observe(0, BEGAN_MS);
  return { ring, clock };
}

/** Of one pixel. */
export function colourOf([red = 0, green = 0, blue = 0]: Uint8Array): string {
  if (red > 200) return 'red';
  if (blue > 200) return 'blue';
  return green > 100 ? 'green' : `${red},${green},${blue}`;
}
