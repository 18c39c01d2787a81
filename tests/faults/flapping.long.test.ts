/**
 * An hour in which three cameras of four drop every few seconds. Nothing may grow by that: no descriptors, no children, no memory;
 * the fourth is looked at as if nothing were; and the potholes stay the four that they are.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { between } from '../support/random.ts';
import { connectionsOf, looksAt, untilLookedAt } from './support/looks.ts';
import { record, spread } from './support/outcome.ts';
import { comes } from './support/patience.ts';
import { chance, LIMIT_MS, minutes, SEED } from './support/run.ts';
import { Sampler } from './support/sampler.ts';
import { startWorld } from './support/world.ts';

const MINUTES = minutes(60);
/** Between two samples of the process, some more or less are open at the moment. */
const MORE_DESCRIPTORS = 12;
const MORE_CHILDREN = 3;
const MORE_MIB = 60;

test(`nothing grows though three cameras drop for ${MINUTES} minutes (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('flapping');
  const { agent, ledger, freshCameras, streets } = await startWorld({ streets: 4 });
  const entries = freshCameras('street');
  const ids = entries.map(({ id }) => id);
  const [steady = ''] = ids.slice(-1);
  agent.watch(entries);
  agent.start();
  await agent.started();
  await comes(60_000, () => ledger.hasAll(ids, true));
  const sampler = new Sampler('agent', () => agent.pid);
  const until = performance.now() + MINUTES * 60_000;
  const looksBefore = await looksAt(agent, steady);
  const backMs: number[] = [];
  let drops = 0;
  const flap = async (index: number): Promise<void> => {
    const id = ids[index] as string;
    while (performance.now() < until) {
      await sleep(between(random, 500, 5_000));
      const connections = await connectionsOf(agent, id);
      await streets[index]?.fault({ kind: 'drop' });
      const since = performance.now();
      drops++;
      // One that was not connected at the moment has nothing to notice.
      if (!(await comes(3_000, async () => (await connectionsOf(agent, id)) > connections))) continue;
      if ((await untilLookedAt(agent, id)) !== null) backMs.push(performance.now() - since);
    }
  };
  await Promise.all([0, 1, 2].map(flap));
  const looks = (await looksAt(agent, steady)) - looksBefore;
  const growth = sampler.stop();
  await agent.end('SIGTERM');
  ledger.note();
  const balance = await ledger.balance();
  record({
    fault: 'flapping',
    extent: `${drops} drops in ${MINUTES} min`,
    detections: balance,
    returns: spread(backMs),
    growth,
    notes: [`the camera that was left alone was looked at ${looks} times`, ...balance.notes],
  });
  const grown = (what: 'descriptors' | 'children' | 'memoryMiB'): number => growth[what][1] - growth[what][0];
  expect(balance.wrong).toEqual([]);
  expect(grown('descriptors')).toBeLessThanOrEqual(MORE_DESCRIPTORS);
  expect(grown('children')).toBeLessThanOrEqual(MORE_CHILDREN);
  expect(grown('memoryMiB')).toBeLessThanOrEqual(MORE_MIB);
});
