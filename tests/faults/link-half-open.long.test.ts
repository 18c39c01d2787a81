/** The connection to the broker goes dead and neither end is told, as when a router forgets it. */
import { expect, test } from 'vitest';
import { moment } from './support/moment.ts';
import { record } from './support/outcome.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { Sampler } from './support/sampler.ts';
import { startWorld } from './support/world.ts';

const TIMES = times(30);

test(`each pothole is one detection, though the line is half open ${TIMES} times (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('link-half-open');
  const world = await startWorld({ streets: 3, line: { quality: {}, random } });
  const { agent, gateway, ledger, link } = world;
  const sampler = new Sampler('gateway', () => gateway.pid);
  const unsettled = await inRounds(world, {
    ...{ strikes: TIMES, aRound: 2, boxRuns: true },
    strike: async (from) => {
      await moment(agent, from, random);
      link?.halfOpen();
    },
  });
  const balance = await ledger.balance();
  record({
    fault: 'link-half-open',
    extent: `${TIMES} times`,
    detections: balance,
    growth: sampler.stop(),
    notes: balance.notes,
  });
  expect({ unsettled, wrong: balance.wrong }).toEqual({ unsettled: [], wrong: [] });
});
