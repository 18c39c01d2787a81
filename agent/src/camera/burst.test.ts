import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steadyMs } from '@roadwatch/common';
import type { Manifest } from '@roadwatch/models';
import { expect, onTestFinished, test } from 'vitest';
import { inPlaceOf } from '../../testing/program.ts';
import { ffmpegChildren } from '../ffmpeg/process.ts';
import { FramePool, planarFormat } from '../frame/pool.ts';
import { CaptureClock } from '../ring/capture-clock.ts';
import { SegmentRing } from '../ring/segments.ts';
import { Burst } from './burst.ts';

const SIZE = { width: 64, height: 32 };
const INPUT = { ...SIZE, resize: 'letterbox', pad: 114 } as Manifest['input'];

/** A closer look, for a minute, at a recording whose open segment is what `write` makes of it; what it failed with. */
function looking(
  write: (file: string) => void,
  onFrame: () => void = () => {},
): { readonly burst: Burst; readonly problems: string[] } {
  const dir = mkdtempSync(join(tmpdir(), 'roadwatch-burst-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const ring = new SegmentRing(dir, { seconds: 60, maxBytes: 2 ** 26 });
  ring.begin();
  write(ring.open.file);
  const problems: string[] = [];
  const pool = new FramePool(planarFormat(SIZE), 4);
  const burst = new Burst(
    {
      recording: { ring, clock: new CaptureClock() },
      input: INPUT,
      pool,
      fps: 3,
      far: null,
      onFrame: (frame) => {
        pool.releaseFrame(frame);
        onFrame();
      },
      onDrop: () => {},
      onFailed: ({ message }) => problems.push(message),
    },
    steadyMs() + 60_000,
  );
  return { burst, problems };
}

test('a recording that cannot be read ends the closer look, which says why', async () => {
  const { burst, problems } = looking((file) => mkdirSync(file));
  await burst.done;
  expect(problems).toEqual([expect.stringContaining('EISDIR')]);
  expect(ffmpegChildren()).toBe(0);
});

test('a decoder that takes nothing holds up neither the end of the agent nor the next closer look', async () => {
  inPlaceOf('ffmpeg', 'exec sleep 600');
  const recorded = (file: string): void => writeFileSync(file, Buffer.alloc(2 ** 20));
  await looking(recorded).burst.stop();
  const { burst, problems } = looking(recorded);
  await burst.done;
  expect(problems).toEqual(['the decoder has taken nothing for 3 s']);
  expect(ffmpegChildren()).toBe(0);
});

test('of a camera with a keyframe every four seconds the pictures since the last one are looked at', async () => {
  // Three seconds, of which all but the first picture need the one before.
  const recorded = (file: string): void => {
    const input = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=3'];
    const encoder = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '100',
      '-bf',
      '0',
      '-pix_fmt',
      'yuv420p',
    ];
    execFileSync('ffmpeg', ['-v', 'error', ...input, ...encoder, '-f', 'mpegts', file]);
  };
  let frames = 0;
  const seen = Promise.withResolvers<void>();
  const { burst, problems } = looking(recorded, () => {
    frames += 1;
    if (frames === 5) seen.resolve();
  });
  onTestFinished(() => burst.stop());
  await seen.promise;
  expect(problems).toEqual([]);
});
