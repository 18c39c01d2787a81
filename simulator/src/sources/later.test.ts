import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { openCameras } from '../commands/cameras.ts';
import { TICKS_PER_SECOND } from '../media/clip.ts';

const signal = new AbortController().signal;
const FLAGS = {
  cameras: 3,
  stagger: 30,
  still: 'plain',
  seed: 1,
  clockOffset: 0,
  cache: false,
  fps: 5,
  size: { width: 320, height: 180 },
  subStream: { width: 160, height: 90 },
} as const;

test('a street breaks open at one camera after the other: in the picture, in the smaller one, and in what is told of it', async () => {
  const opened = await openCameras({ ...FLAGS, source: ['scene:pothole'] }, {} as never, signal);
  const films = await Promise.all(opened.map(({ source }) => source.complete ?? source));
  const [first] = films;
  for (const [index, film] of films.entries()) {
    const opensAt = 8 + index * 30;
    const broken = (seconds: number): boolean => film.truthAt?.(seconds).length === 1;
    expect([broken(opensAt - 0.1), broken(opensAt + 0.1)]).toEqual([false, true]);
    const clipAt = (seconds: number) => film.timeline.readFrom(seconds * TICKS_PER_SECOND).clip;
    expect(clipAt(opensAt - 0.1)).toBe(first?.timeline.readFrom(0).clip);
    expect(clipAt(opensAt + 0.1)).toBe(first?.timeline.readFrom(9 * TICKS_PER_SECOND).clip);
    const times = [film.timeline, film.sub].map((shown) => {
      const reader = shown?.readFrom((opensAt - 1) * TICKS_PER_SECOND);
      return Array.from({ length: 10 }, () => reader?.next().dts);
    });
    expect(times[1]).toEqual(times[0]);
  }
});

test('what has no story is not shown later, and that is said', async () => {
  const video = join(await temporaryFolder(), 'grey.mp4');
  const film = ['-v', 'error', '-f', 'lavfi', '-i', 'color=gray:size=320x180:rate=5:duration=1', video];
  await promisify(execFile)('ffmpeg', film);
  await expect(openCameras({ ...FLAGS, source: [video] }, {} as never, signal)).rejects.toThrow(
    'grey: --stagger is for scenes and scenarios',
  );
});
