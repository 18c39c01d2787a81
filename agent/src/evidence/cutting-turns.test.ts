import { expect, test } from 'vitest';
import { CuttingTurns } from './cutting-turns.ts';

/** Begins a piece of work for each of these, and returns in which order they are cut when each takes as long. */
async function orderOf(places: number, asked: readonly (readonly [string, 'still' | 'clip'])[]) {
  const turns = new CuttingTurns(places);
  const begun: string[] = [];
  await Promise.all(
    asked.map(([camera, kind]) =>
      turns.run(camera, kind, async () => {
        begun.push(`${camera} ${kind}`);
        await new Promise(setImmediate);
      }),
    ),
  );
  return begun;
}

test('a camera that sees much waits for itself: another one is next', async () => {
  const busy = Array.from({ length: 4 }, () => ['busy', 'still'] as const);
  expect(await orderOf(1, [...busy, ['quiet', 'still']])).toEqual([
    'busy still',
    'quiet still',
    'busy still',
    'busy still',
    'busy still',
  ]);
});

test('clips wait until no still does', async () => {
  expect(
    await orderOf(1, [
      ['a', 'clip'],
      ['b', 'clip'],
      ['a', 'still'],
      ['c', 'still'],
    ]),
  ).toEqual(['a clip', 'c still', 'a still', 'b clip']);
});

test('so many are cut at a time, and one that fails frees its place', async () => {
  const turns = new CuttingTurns(2);
  let now = 0;
  let most = 0;
  const work = async (fails: boolean): Promise<void> => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    if (fails) throw new Error('the moment is no longer in the ring');
  };
  const cuts = [true, false, true, false, false].map((fails) => turns.run('a', 'still', () => work(fails)));
  const ends = await Promise.allSettled(cuts);
  expect(ends.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(most).toBe(2);
});
