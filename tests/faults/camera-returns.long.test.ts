/**
 * Cameras go and come back, as they do in the field: the connection drops, the camera starts anew, has no room for a viewer, is
 * gone without a word, or freezes. A picture must have been looked at within 5 s of its return.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningCamera } from '@roadwatch/simulator';
import { expect, test } from 'vitest';
import { streetCamera } from '../agent/support/agent-box.ts';
import { between } from '../support/random.ts';
import { connectionsOf, notices, untilLookedAt } from './support/looks.ts';
import { record, spread } from './support/outcome.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { startWorld } from './support/world.ts';

const TIMES = times(10);
const WITHIN_MS = 5_000;

interface Absence {
  readonly name: string;
  /** The camera goes, for so long, and is back when this resolves; returns the camera that is there then. */
  happen(camera: RunningCamera, awayMs: number): Promise<RunningCamera>;
}

const ABSENCES: readonly Absence[] = [
  {
    name: 'its connection drops',
    happen: async (camera) => {
      await camera.fault({ kind: 'drop' });
      return camera;
    },
  },
  {
    name: 'it starts anew',
    happen: async (camera, awayMs) => {
      const { port } = camera;
      await camera.stop();
      await sleep(awayMs);
      return streetCamera({ port });
    },
  },
  {
    name: 'it has no stream for a while',
    happen: async (camera, awayMs) => {
      await camera.fault({ kind: 'refuse' });
      await camera.fault({ kind: 'drop' });
      await sleep(awayMs);
      camera.endFault('refuse');
      return camera;
    },
  },
  {
    name: 'it is gone without a word',
    happen: async (camera, awayMs) => {
      await camera.fault({ kind: 'half-open' });
      // As long as the agent needs to notice, at least: a camera is not back sooner.
      await sleep(15_000 + awayMs);
      camera.endFault('half-open');
      return camera;
    },
  },
  {
    name: 'nothing comes from it for a while',
    happen: async (camera, awayMs) => {
      await camera.fault({ kind: 'freeze' });
      await sleep(15_000 + awayMs);
      camera.endFault('freeze');
      return camera;
    },
  },
];

test(`a camera that was away is looked at again within 5 s of its return (${ABSENCES.length} kinds, ${TIMES} times each, seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('camera-returns');
  const { agent, freshCameras, streets } = await startWorld({ streets: ABSENCES.length });
  const entries = freshCameras('street');
  agent.watch(entries);
  agent.start();
  await agent.started();
  const back = new Map<string, number[]>();
  for (const [index, { name, happen }] of ABSENCES.entries()) {
    const { id } = entries[index] as { id: string };
    let camera = streets[index] as RunningCamera;
    const took: number[] = [];
    back.set(name, took);
    await untilLookedAt(agent, id);
    for (let n = 0; n < TIMES; n++) {
      const connections = await connectionsOf(agent, id);
      camera = await happen(camera, between(random, 2_000, 30_000));
      const since = performance.now();
      if (!(await notices(agent, id, connections)))
        throw new Error(`${id}: the agent never noticed that ${name}`);
      if ((await untilLookedAt(agent, id)) === null)
        throw new Error(`${id} is not looked at again since ${name}`);
      took.push(performance.now() - since);
      await sleep(between(random, 0, 2_000));
    }
  }
  const all = [...back.values()].flat();
  record({
    fault: 'camera-returns',
    extent: `${all.length} returns`,
    returns: spread(all),
    notes: [...back].map(([name, took]) => `${name}: ${JSON.stringify(spread(took))}`),
  });
  expect(all.filter((ms) => ms > WITHIN_MS)).toEqual([]);
});
