import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { Ticker } from './ticker.ts';

const QUIET = pino({ level: 'silent' });

function run(chores: ConstructorParameters<typeof Ticker>[0]): Ticker {
  const ticker = new Ticker(chores, QUIET);
  onTestFinished(() => ticker.stop());
  return ticker;
}

test('a chore that takes long holds up no other', async () => {
  const purge = Promise.withResolvers<void>();
  const clocks = Promise.withResolvers<void>();
  let looks = 0;
  run([
    { name: 'retention', every: 7200, run: () => purge.promise },
    {
      name: 'clocks',
      every: 1,
      run: async () => {
        looks++;
        if (looks === 3) clocks.resolve();
      },
    },
  ]);
  await clocks.promise;
  purge.resolve();
});

test('a chore does not overlap itself, and stopping waits for what is under way', async () => {
  const entered = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const ticker = run([
    {
      name: 'slow',
      every: 0,
      run: async () => {
        running++;
        most = Math.max(most, running);
        entered.resolve();
        await gate.promise;
        running--;
      },
    },
  ]);
  await entered.promise;
  const stopped = ticker.stop();
  gate.resolve();
  await stopped;
  expect([running, most]).toEqual([0, 1]);
});

test('a chore that fails is tried again, and the others go on', async () => {
  const again = Promise.withResolvers<void>();
  let tries = 0;
  run([
    {
      name: 'failing',
      every: 1,
      run: async () => {
        tries++;
        if (tries === 2) again.resolve();
        throw new Error('the store is away');
      },
    },
  ]);
  await again.promise;
});
