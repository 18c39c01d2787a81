/**
 * The agent is killed without a word, at moments of chance and right after what it says: on its way from a verified pothole to one
 * that the gateway has stored.
 */
import { expect, test } from 'vitest';
import { moment } from './support/moment.ts';
import { record, spread } from './support/outcome.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { Sampler } from './support/sampler.ts';
import { startWorld } from './support/world.ts';

const KILLS = times(200);

test(`each pothole is one detection, though the agent is killed ${KILLS} times (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('kill-agent');
  const world = await startWorld({ streets: 3 });
  const { gateway, agent, ledger } = world;
  const sampler = new Sampler('gateway', () => gateway.pid);
  const streamingMs: number[] = [];
  const unsettled = await inRounds(world, {
    ...{ strikes: KILLS, aRound: 5, boxRuns: false },
    strike: async (from) => {
      const startedAt = performance.now();
      agent.start();
      void agent.said('camera streaming', 60_000, from).then((line) => {
        if (line !== null) streamingMs.push(performance.now() - startedAt);
      });
      await moment(agent, from, random);
      await agent.end('SIGKILL');
      ledger.note();
    },
  });
  const balance = await ledger.balance();
  record({
    fault: 'kill-agent',
    extent: `${KILLS} kills`,
    detections: balance,
    growth: sampler.stop(),
    notes: [`from start to streaming, in ms: ${JSON.stringify(spread(streamingMs))}`, ...balance.notes],
  });
  expect({ unsettled, wrong: balance.wrong }).toEqual({ unsettled: [], wrong: [] });
});
