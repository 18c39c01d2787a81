import { expect, test } from 'vitest';
import { HashQueue } from './hash-queue.ts';

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

test('two run at once, a bounded number waits, known browsers go first, and the rest is sent away', async () => {
  const queue = new HashQueue({ atOnce: 2, maxWaiting: 2 });
  const order: string[] = [];
  const first = gate();
  const job = (name: string, known = false) =>
    queue.run(async () => {
      order.push(name);
      await first.promise;
    }, known);
  const jobs = [job('a'), job('b'), job('stranger 1'), job('stranger 2'), job('known', true)];
  await expect(job('stranger 3')).rejects.toMatchObject({ code: 'sign_in_crowded', retryAfterS: 5 });
  expect(order).toEqual(['a', 'b']);
  first.open();
  await Promise.all(jobs);
  expect(order).toEqual(['a', 'b', 'known', 'stranger 1', 'stranger 2']);
  await expect(queue.run(async () => 'free again')).resolves.toBe('free again');
});

test('one that fails gives its place back', async () => {
  const queue = new HashQueue({ atOnce: 1, maxWaiting: 1 });
  await expect(queue.run(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
  await expect(queue.run(async () => 'next')).resolves.toBe('next');
});
