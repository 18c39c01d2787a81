import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inPlaceOf } from '../../testing/program.ts';
import { Ffmpeg, ffmpegChildren } from './process.ts';

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

test('where no process can be begun any more that is said, and the agent goes on', () => {
  const script = `
    import { openSync } from 'node:fs';
    import { Ffmpeg, ffmpegChildren } from ${JSON.stringify(new URL('./process.ts', import.meta.url).href)};
    try { for (;;) openSync('/dev/null'); } catch {}
    try { new Ffmpeg([]); } catch ({ message }) { console.log(message); }
    setImmediate(() => console.log('goes on', ffmpegChildren()));`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const said = execFileSync('prlimit', ['--nofile=64', ...node], { encoding: 'utf8' });
  expect(said).toBe('ffmpeg cannot be run: EMFILE\ngoes on 0\n');
});
