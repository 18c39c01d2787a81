/** The picture of a moment is cut from the last seconds of a camera, and there is one also when the moment is not on disk. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { cutStill } from '../../agent/src/evidence/still.ts';
import { CaptureClock } from '../../agent/src/ring/capture-clock.ts';
import { type Recording, RING_SHIFT_SECONDS, SegmentRing } from '../../agent/src/ring/segments.ts';
import { temporaryFolder } from '../support/temp.ts';

const run = promisify(execFile);
/** Wall-clock time of the first frame. */
const BEGAN_MS = 1_750_000_000_000;
const never = new AbortController().signal;

let recording: Recording;

/** Six seconds in segments of two, on disk as a camera's connection writes them: red, then green, then blue. */
beforeEach(async () => {
  const ring = new SegmentRing(join(await temporaryFolder(), 'ring'), { seconds: 30, maxBytes: 10_000_000 });
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
  recording = { ring, clock };
});

async function colourAt(atMs: number): Promise<{ colour: string; capturedAtMs: number }> {
  const still = await cutStill(recording, atMs, [], never);
  expect([still.width, still.height]).toEqual([320, 180]);
  const middle = 3 * (90 * 320 + 160);
  const [red = 0, green = 0, blue = 0] = still.rgb.subarray(middle, middle + 3);
  const colour = red > 200 ? 'red' : blue > 200 ? 'blue' : green > 100 ? 'green' : `${red},${green},${blue}`;
  return { colour, capturedAtMs: still.capturedAtMs };
}

test('the picture is that of the moment', async () => {
  expect(await colourAt(BEGAN_MS + 1_000)).toEqual({ colour: 'red', capturedAtMs: BEGAN_MS + 1_000 });
  expect(await colourAt(BEGAN_MS + 3_000)).toEqual({ colour: 'green', capturedAtMs: BEGAN_MS + 3_000 });
});

test('a moment that never comes to the disk is shown by the nearest picture, dated as what it is', async () => {
  expect(await colourAt(BEGAN_MS + 60_000)).toEqual({ colour: 'blue', capturedAtMs: BEGAN_MS + 4_000 });
});

test('a moment that has left the ring is shown by the oldest picture there is', async () => {
  expect(await colourAt(BEGAN_MS - 60_000)).toEqual({ colour: 'red', capturedAtMs: BEGAN_MS });
});

test('with nothing on disk there is no picture, and the reason is said', async () => {
  recording.ring.end();
  await expect(colourAt(BEGAN_MS)).rejects.toThrow(/no such file|not on disk|not sent anything/i);
});
