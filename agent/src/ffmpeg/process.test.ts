import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Ffmpeg, ffmpegChildren, ffmpegProblem, ffmpegVersion } from './process.ts';

/** A program of this name before all others. */
function inPlaceOf(program: string, script: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'roadwatch-path-'));
  const before = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = before;
    rmSync(dir, { recursive: true });
  });
  writeFileSync(join(dir, program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, program), 0o755);
  process.env.PATH = `${dir}:${before}`;
  return dir;
}

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended, too.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test.each([
  ['in its group', 'sleep 600'],
  ['in a session of its own', 'setsid sleep 600'],
  ['deaf to SIGTERM', 'trap "" TERM; sleep 600'],
])('a child of ffmpeg that holds its pipes does not hold up the end: %s', async (_, grandchild) => {
  inPlaceOf('ffmpeg', `(${grandchild}) & echo $! >&2; exec sleep 600`);
  const ffmpeg = new Ffmpeg([]);
  const [pid] = await new Promise<[number]>((resolve) =>
    ffmpeg.log.once('data', (text: Buffer) => resolve([Number(text.toString())])),
  );
  const { signal } = await ffmpeg.stop();
  expect(signal).toBe('SIGTERM');
  expect(ffmpegChildren()).toBe(0);
  if (!grandchild.startsWith('setsid')) await expect.poll(() => isAlive(pid)).toBe(false);
});

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
