/**
 * The clocks of box and gateway are set, by an hour, a day, to 1970 and to the end of the century, and back. Needs libfaketime.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { between, pick } from '../support/random.ts';
import { HAS_CLOCKS, NOTICED_MS, SettableClock } from './support/clock.ts';
import { confirm, deadlinesOf, hurriedClocks } from './support/deadlines.ts';
import { historyFolder } from './support/folder.ts';
import { connectionsOf, untilLookedAt } from './support/looks.ts';
import { moment } from './support/moment.ts';
import { record, spread } from './support/outcome.ts';
import { comes } from './support/patience.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { startWorld } from './support/world.ts';

const JUMPS = times(40);
const HOUR = 3_600;
const DAY = 24 * HOUR;
const TO_1970 = -Math.floor(Date.now() / 1000) + 300;
const TO_2099 = Math.floor(Date.UTC(2099, 0) / 1000 - Date.now() / 1000);
const BOX_JUMPS = [-HOUR, HOUR, -DAY, DAY, TO_1970, TO_2099, 0];
const GATEWAY_JUMPS = [-HOUR, HOUR, -DAY, DAY, 0];
/** Silence is noticed after 10 s. */
const NOTICES_SILENCE_MS = 30_000;
const CLOCKS_MS = 20_000;

test.skipIf(!HAS_CLOCKS)(
  `each pothole is one detection and no deadline fires early, though clocks are set ${JUMPS} times (seed ${SEED})`,
  { timeout: LIMIT_MS },
  async () => {
    const random = chance('clock-jumps');
    const clocks = historyFolder();
    const [box, city] = [new SettableClock(clocks, 'agent'), new SettableClock(clocks, 'gateway')];
    const world = await startWorld({
      streets: 3,
      gateway: { env: city.env, change: await hurriedClocks() },
      agent: { env: box.env },
    });
    const { gateway, agent, ledger, streets } = world;
    const silence: number[] = [];
    let unnoticed = 0;
    /** One of its cameras falls silent right after the clock was set back. */
    const fallsSilent = async (camera: string): Promise<void> => {
      const connections = await connectionsOf(agent, camera);
      const since = performance.now();
      await streets[0]?.fault({ kind: 'freeze' });
      const noticed = await comes(
        NOTICES_SILENCE_MS,
        async () => (await connectionsOf(agent, camera)) > connections,
      );
      streets[0]?.endFault('freeze');
      if (noticed) silence.push(performance.now() - since);
      else unnoticed++;
    };
    let round = 0;
    const unsettled = await inRounds(world, {
      ...{ strikes: JUMPS, aRound: 4, boxRuns: true },
      strike: async (from) => {
        await moment(agent, from, random);
        if (random() < 0.3) city.jump(pick(random, GATEWAY_JUMPS));
        else box.jump(pick(random, BOX_JUMPS));
        await sleep(NOTICED_MS + between(random, 0, 2_000));
      },
      settled: async (cameras) => {
        await comes(30_000, () => confirm(gateway, cameras).then(() => true));
        if (round++ % 3 !== 0) return;
        agent.start();
        await agent.started(agent.book.end);
        await untilLookedAt(agent, cameras[0] as string);
        box.jump(-HOUR);
        await sleep(NOTICED_MS);
        await fallsSilent(cameras[0] as string);
        await agent.end('SIGTERM');
      },
    });
    city.jump(0);
    await sleep(CLOCKS_MS);
    const balance = await ledger.balance();
    const { deadlines, wrong } = await deadlinesOf(gateway);
    record({
      fault: 'clock-jumps',
      extent: `${JUMPS} jumps`,
      detections: balance,
      // Late by a clock that was set to the next day is late by a day.
      deadlines,
      notes: [
        `a camera that fell silent as the clock went back an hour was noticed, in ms: ${JSON.stringify(spread(silence))}; ${unnoticed} times it was not`,
        'how late deadlines fired is by the clock of the gateway, which was set by up to a day',
        ...balance.notes,
      ],
    });
    expect({ unsettled, unnoticed, wrong: [...balance.wrong, ...wrong] }).toEqual({
      ...{ unsettled: [], unnoticed: 0, wrong: [] },
    });
  },
);
