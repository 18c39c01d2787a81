import { expect, test } from 'vitest';
import { inPlaceOf } from '../../testing/program.ts';
import { ffmpegProblem, ffmpegVersion } from './probe.ts';

test.each([
  ['4.4.2-0ubuntu0.22.04.1', 'ffmpeg 4.4.2-0ubuntu0.22.04.1 is too old; ffmpeg 5.1 or newer is needed'],
  ['5.0.1', 'ffmpeg 5.0.1 is too old; ffmpeg 5.1 or newer is needed'],
  [null, 'ffmpeg is not installed; ffmpeg 5.1 or newer is needed'],
])('ffmpeg %s is refused by name, with the version that is wanted', (version, problem) => {
  expect(ffmpegProblem(version)).toContain(problem);
});

test.each(['5.1.9-0+deb12u1', '5.1', 'n7.1', '8.0', 'N-118000-g1234567890'])(
  'ffmpeg %s will do',
  (version) => {
    expect(ffmpegProblem(version)).toBeNull();
  },
);

test('the version is asked of the program that is there; of none it is null', async () => {
  inPlaceOf('ffmpeg', 'echo ffmpeg version 4.4.2 Copyright');
  expect(await ffmpegVersion()).toBe('4.4.2');
  inPlaceOf('ffmpeg', 'exit 127');
  expect(await ffmpegVersion()).toBeNull();
});
