import { expect, test } from 'vitest';
import { Semaphore } from './semaphore.ts';

test('so many at a time, the others in order, and a place freed twice is one place', async () => {
  const semaphore = new Semaphore(2);
  const [first, second] = [await semaphore.acquire(), await semaphore.acquire()];
  const entered: string[] = [];
  const enter = async (name: string) => {
    const release = await semaphore.acquire();
    entered.push(name);
    return release;
  };
  const [third, fourth] = [enter('third'), enter('fourth')];
  await Promise.resolve();
  expect(entered).toEqual([]);
  first();
  first();
  const releaseThird = await third;
  expect(entered).toEqual(['third']);
  second();
  const releaseFourth = await fourth;
  expect(entered).toEqual(['third', 'fourth']);
  releaseThird();
  releaseFourth();
  expect(typeof (await semaphore.acquire())).toBe('function');
});
