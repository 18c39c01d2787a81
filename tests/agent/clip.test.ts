/** What was before and after a moment, though the ring goes on while it is cut. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type ClipSource, cutClip } from '../../agent/src/evidence/clip.ts';
import { temporaryFolder } from '../support/temp.ts';
import { BEGAN_MS, colourOf, RING_BYTES, threeColours } from './support/three-colours.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const GREEN_MS = BEGAN_MS + 3_000;

async function cut(source: ClipSource) {
  const { bytes, beginsAtMs } = await cutClip(source, GREEN_MS, [], RING_BYTES, never);
  const file = join(await temporaryFolder(), 'clip.mp4');
  await writeFile(file, bytes);
  const raw = ['-vf', 'scale=1:1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, ...raw], { encoding: 'buffer' });
  return { first: colourOf(stdout.subarray(0, 3)), frames: stdout.length / 3, beginsAtMs };
}

test('a clip shows all that there is around its moment', async () => {
  expect(await cut(await threeColours())).toEqual({ first: 'red', frames: 150, beginsAtMs: BEGAN_MS });
});

test('what the ring deletes before it could be read is not in the clip, which says that it begins late', async () => {
  const { ring, clock } = await threeColours();
  const goesOn = {
    between: (start: number, end: number) => {
      const found = ring.between(start, end);
      ring.limits = { seconds: 3, maxBytes: RING_BYTES };
      ring.makeRoom();
      return found;
    },
  };
  expect(await cut({ ring: goesOn, clock })).toEqual({
    ...{ first: 'green', frames: 100 },
    beginsAtMs: BEGAN_MS + 2_000,
  });
});

test('where somebody else has deleted all of it the reason is said', async () => {
  const { ring, clock } = await threeColours();
  for (const { file } of ring.between(0, 6)) await rm(file);
  await expect(cut({ ring, clock })).rejects.toThrow('the moment is no longer in the ring');
});
