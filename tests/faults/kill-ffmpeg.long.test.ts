/** ffmpeg is killed under the agent, while it looks, while it verifies and while it cuts pictures. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { between, pick } from '../support/random.ts';
import { untilLookedAt } from './support/looks.ts';
import { moment } from './support/moment.ts';
import { record, spread } from './support/outcome.ts';
import { inRounds } from './support/rounds.ts';
import { chance, LIMIT_MS, SEED, times } from './support/run.ts';
import { childrenOf } from './support/sampler.ts';
import { startWorld } from './support/world.ts';

const KILLS = times(100);

/** The command line of each of its ffmpegs. */
function ffmpegs(agent: number): readonly { readonly pid: number; readonly line: string }[] {
  return childrenOf(agent).flatMap((pid) => {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'ffmpeg') return [];
      return [{ pid, line: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      return [];
    }
  });
}

test(`each pothole is one detection, though ffmpeg is killed ${KILLS} times (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = chance('kill-ffmpeg');
  const world = await startWorld({ streets: 3 });
  const { agent, ledger } = world;
  const backMs: number[] = [];
  const missing: string[] = [];
  let others = 0;
  const unsettled = await inRounds(world, {
    ...{ strikes: KILLS, aRound: 10, boxRuns: true },
    strike: async (from) => {
      await agent.started();
      await moment(agent, from, random);
      const children = ffmpegs(agent.pid as number);
      if (children.length === 0) return;
      const { pid, line } = pick(random, children);
      process.kill(pid, 'SIGKILL');
      // That which reads a camera writes into its ring; the others cut pictures and clips.
      const camera = /\/(round-\d+-\d+)\/[^ ]*%/.exec(line)?.[1];
      if (camera === undefined) {
        others++;
        return;
      }
      await sleep(between(random, 100, 200));
      const ms = await untilLookedAt(agent, camera);
      if (ms === null) missing.push(camera);
      else backMs.push(ms);
    },
  });
  const balance = await ledger.balance();
  record({
    fault: 'kill-ffmpeg',
    extent: `${backMs.length + missing.length + others} kills`,
    detections: balance,
    returns: spread(backMs),
    notes: [`${others} of those killed were cutting a picture or a clip`, ...balance.notes],
  });
  expect({ unsettled, missing, wrong: balance.wrong }).toEqual({ unsettled: [], missing: [], wrong: [] });
});
