/** The gateway is killed without a word while detections come and clocks run, with its own broker in it and SQLite beside it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { between } from '../support/random.ts';
import { confirm, deadlinesOf, hurriedClocks } from './support/deadlines.ts';
import { moment } from './support/moment.ts';
import { record } from './support/outcome.ts';
import { comes } from './support/patience.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { startWorld } from './support/world.ts';

const KILLS = times(60);
/** The last step of a clock is due 18 s after it began. */
const CLOCKS_MS = 20_000;

test(`each pothole is one detection and each deadline fires once, though the gateway is killed ${KILLS} times (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('kill-gateway');
  const world = await startWorld({ streets: 3, gateway: { change: await hurriedClocks() } });
  const { gateway, agent, ledger } = world;
  const unsettled = await inRounds(world, {
    ...{ strikes: KILLS, aRound: 4, boxRuns: true },
    strike: async (from) => {
      await moment(agent, from, random);
      await gateway.end('SIGKILL');
      await sleep(between(random, 0, 2_000));
      await gateway.start();
    },
    settled: async (cameras) => {
      await comes(30_000, () => confirm(gateway, cameras).then(() => true));
    },
  });
  await sleep(CLOCKS_MS);
  const balance = await ledger.balance();
  const { deadlines, wrong } = await deadlinesOf(gateway);
  record({
    fault: 'kill-gateway',
    extent: `${KILLS} kills`,
    detections: balance,
    deadlines,
    notes: [`${deadlines.fired} steps of clocks fired`, ...balance.notes],
  });
  expect({ unsettled, wrong: [...balance.wrong, ...wrong] }).toEqual({ unsettled: [], wrong: [] });
});
