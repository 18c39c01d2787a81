/** The box's disk is full while it verifies, and while it starts. Needs root, who alone may mount a small one. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { mountSmallDisk } from '../../gateway/testing/small-disk.ts';
import { between } from '../support/random.ts';
import { moment } from './support/moment.ts';
import { record } from './support/outcome.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { startWorld } from './support/world.ts';

const TIMES = times(20);
const DISK_MB = 48;
const disk = mountSmallDisk(DISK_MB);

test.skipIf(disk === null)(
  `each pothole is one detection, though the disk fills up ${TIMES} times (seed ${SEED})`,
  { timeout: LIMIT_MS },
  async () => {
    if (disk === null) throw new Error('only root may mount a small disk');
    onTestFinished(() => disk.unmount());
    const random = chance('disk-full');
    const world = await startWorld({ streets: 3, agent: { dataDir: disk.path } });
    const { agent, ledger } = world;
    let restarts = 0;
    const unsettled = await inRounds(world, {
      ...{ strikes: TIMES, aRound: 2, boxRuns: true },
      strike: async (from) => {
        await moment(agent, from, random);
        disk.fill();
        try {
          if (random() < 0.5) {
            restarts++;
            await agent.end('SIGKILL');
            agent.start();
          }
          await sleep(between(random, 5_000, 15_000));
        } finally {
          disk.makeRoom();
        }
        if (agent.pid === undefined) agent.start();
      },
    });
    const balance = await ledger.balance();
    record({
      fault: 'disk-full',
      extent: `${TIMES} times`,
      detections: balance,
      notes: [`${restarts} times the box was started while its disk was full`, ...balance.notes],
    });
    expect({ unsettled, wrong: balance.wrong }).toEqual({ unsettled: [], wrong: [] });
  },
);
