/** The picture of a moment is cut from the last seconds of a camera, and there is one also when the moment is not on disk. */
import { beforeEach, expect, test } from 'vitest';
import { cutStill } from '../../agent/src/evidence/still.ts';
import type { Recording } from '../../agent/src/ring/segments.ts';
import { BEGAN_MS, colourOf, threeColours } from './support/three-colours.ts';

const never = new AbortController().signal;

let recording: Recording;
beforeEach(async () => {
  recording = await threeColours();
});

async function colourAt(atMs: number): Promise<{ colour: string; capturedAtMs: number }> {
  const still = await cutStill(recording, atMs, [], never);
  expect([still.width, still.height]).toEqual([320, 180]);
  const middle = 3 * (90 * 320 + 160);
  const colour = colourOf(still.rgb.subarray(middle, middle + 3));
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
