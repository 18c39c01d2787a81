import { expect, test } from 'vitest';
import { type Progress, readiness } from './readiness.ts';

const all: Progress = { stage: 'started', isModelLoaded: true, cameras: 2, streaming: 1 };

test.each<[string, Partial<Progress>, readonly string[]]>([
  ['one camera of two streams', {}, []],
  ['there is no camera, or all are paused', { cameras: 0, streaming: 0 }, []],
  ['it has only begun', { stage: 'starting', streaming: 0 }, ['starting', 'no_camera_streams']],
  ['no camera streams yet', { streaming: 0 }, ['no_camera_streams']],
  ['its inference thread is gone', { isModelLoaded: false }, ['model_not_loaded']],
  ['it ends', { stage: 'stopping' }, ['stopping']],
])('an agent is ready once it looks at a camera: %s', (_, change, codes) => {
  const { ready, reasons } = readiness({ ...all, ...change });
  expect([ready, reasons.map(({ code }) => code)]).toEqual([codes.length === 0, codes]);
});
