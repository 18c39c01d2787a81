import { expect, test } from 'vitest';
import { QuietWork } from './quiet-work.ts';

test('what can wait is done in order once the box has time, the oldest of too much not at all', async () => {
  let isBusy = true;
  const done: number[] = [];
  const last = Promise.withResolvers<void>();
  const work = new QuietWork(() => isBusy);
  for (let number = 0; number < 20; number++)
    work.add(async () => {
      done.push(number);
      if (number === 19) last.resolve();
    });
  expect(done).toEqual([]);
  isBusy = false;
  await last.promise;
  expect(done).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  const more = Promise.withResolvers<void>();
  work.add(async () => more.resolve());
  await more.promise;
});

test('a box that is stopped gives up what waits, and takes nothing more', async () => {
  const done: string[] = [];
  const busy = new QuietWork(() => true);
  busy.add(async () => void done.push('waits'));
  await busy.stop();
  busy.add(async () => void done.push('comes late'));
  expect(done).toEqual([]);
});

test('what is under way when a box is stopped is brought to its end', async () => {
  const idle = new QuietWork(() => false);
  const under = Promise.withResolvers<void>();
  const done: string[] = [];
  idle.add(() => under.promise.then(() => void done.push('under way')));
  idle.add(async () => void done.push('waits'));
  const stopped = idle.stop();
  under.resolve();
  await stopped;
  expect(done).toEqual(['under way']);
});
