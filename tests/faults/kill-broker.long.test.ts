/** A broker of the city's own is killed without a word, and what it held is lost with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { between } from '../support/random.ts';
import { moment } from './support/moment.ts';
import { record } from './support/outcome.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { Sampler } from './support/sampler.ts';
import { startWorld } from './support/world.ts';

const KILLS = times(60);

test(`each pothole is one detection, though mosquitto is killed ${KILLS} times (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('kill-broker');
  const world = await startWorld({ streets: 3, broker: 'mosquitto' });
  const { gateway, agent, ledger, broker } = world;
  const sampler = new Sampler('gateway', () => gateway.pid);
  const unsettled = await inRounds(world, {
    ...{ strikes: KILLS, aRound: 4, boxRuns: true },
    strike: async (from) => {
      await moment(agent, from, random);
      await broker?.end('SIGKILL');
      await sleep(between(random, 0, 2_000));
      await broker?.start();
    },
  });
  const balance = await ledger.balance();
  record({
    fault: 'kill-broker',
    extent: `${KILLS} kills`,
    detections: balance,
    growth: sampler.stop(),
    notes: balance.notes,
  });
  expect({ unsettled, wrong: balance.wrong }).toEqual({ unsettled: [], wrong: [] });
});
