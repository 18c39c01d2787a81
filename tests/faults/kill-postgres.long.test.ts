/** PostgreSQL crashes under the gateway while detections come and clocks run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../gateway/testing/postgres.ts';
import { between } from '../support/random.ts';
import { confirm, deadlinesOf, hurriedClocks } from './support/deadlines.ts';
import { moment } from './support/moment.ts';
import { record } from './support/outcome.ts';
import { comes } from './support/patience.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { Sampler } from './support/sampler.ts';
import { startWorld } from './support/world.ts';

const CRASHES = times(30);
/** The last step of a clock is due 18 s after it began. */
const CLOCKS_MS = 20_000;

test(`each pothole is one detection and each deadline fires once, though PostgreSQL crashes ${CRASHES} times (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('kill-postgres');
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const storeUrl = await server.create('faults');
  const world = await startWorld({ streets: 3, gateway: { storeUrl, change: await hurriedClocks() } });
  const { gateway, agent, ledger } = world;
  const sampler = new Sampler('gateway', () => gateway.pid);
  const unsettled = await inRounds(world, {
    ...{ strikes: CRASHES, aRound: 3, boxRuns: true },
    strike: async (from) => {
      await moment(agent, from, random);
      await server.down();
      await sleep(between(random, 0, 3_000));
      await server.up();
    },
    settled: async (cameras) => {
      await comes(30_000, () => confirm(gateway, cameras).then(() => true));
    },
  });
  await sleep(CLOCKS_MS);
  const balance = await ledger.balance();
  const { deadlines, wrong } = await deadlinesOf(gateway);
  record({
    fault: 'kill-postgres',
    extent: `${CRASHES} crashes`,
    detections: balance,
    deadlines,
    growth: sampler.stop(),
    notes: [`${deadlines.fired} steps of clocks fired`, ...balance.notes],
  });
  expect({ unsettled, wrong: [...balance.wrong, ...wrong] }).toEqual({ unsettled: [], wrong: [] });
});
