/** The far part of each picture comes beside the whole one, enlarged, in the same model input. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Semaphore } from '@roadwatch/common';
import type { Manifest } from '@roadwatch/models';
import { startCamera } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { CameraStream } from '../../agent/src/camera/stream.ts';
import { SOFTWARE } from '../../agent/src/ffmpeg/hardware.ts';
import { FramePool, planarFormat } from '../../agent/src/frame/pool.ts';
import { temporaryFolder } from '../support/temp.ts';
import { plainAccess } from './support/access.ts';

const run = promisify(execFile);

test('the whole picture and its part come in turn, each with the time of the one', async () => {
  const file = join(await temporaryFolder(), 'street.mp4');
  // Black, with a white field where the part is to be.
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'color=black:size=1280x720:rate=5:duration=2'],
    ...['-vf', 'drawbox=x=320:y=180:w=640:h=360:color=white:t=fill', '-c:v', 'libx264', '-g', '1', file],
  ]);
  const input = { width: 320, height: 192, resize: 'letterbox', pad: 0 } as Manifest['input'];
  const pool = new FramePool(planarFormat(input), 32);
  const seen: { whole: number; part: number; at: number | null }[] = [];
  const brightness = (slot: number): number => {
    const green = pool.pixels(slot).subarray(0, 320 * 180);
    return Math.round(green.reduce((sum, value) => sum + value, 0) / green.length);
  };
  const camera = await startCamera({ source: file, startOn: 'launch' });
  onTestFinished(() => camera.stop());
  const enough = Promise.withResolvers<void>();
  const stream = new CameraStream(
    {
      ...{ access: plainAccess(camera.url), decoder: SOFTWARE, decode: { kind: 'keyframes' }, record: null },
      ...{ input, far: [0.25, 0.25, 0.5, 0.5], starting: new Semaphore(1) },
    },
    pool,
    {
      onFrame: ({ slot, farSlot, info }) => {
        if (slot === null || farSlot === null) return;
        seen.push({ whole: brightness(slot), part: brightness(farSlot), at: info.ptsSeconds });
        if (seen.length === 11) enough.resolve();
        pool.release(slot);
        pool.release(farSlot);
      },
    },
  );
  await enough.promise;
  await stream.stop();
  // The first may come without a time, and the second with the same as if it were the first.
  const times = new Set(seen.flatMap(({ at }) => (at === null ? [] : [at.toFixed(1)])));
  expect([...times].slice(0, 9)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0', '1.2', '1.4', '1.6']);
  // Two frames of one time come out in any order.
  for (const { whole, part } of seen.slice(2)) {
    expect(part).toBeGreaterThan(245);
    expect(whole).toBeGreaterThan(50);
    expect(whole).toBeLessThan(75);
  }
  expect(pool.freeSlots).toBe(32);
});
