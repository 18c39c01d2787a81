/**
 * A box whose power is cut again and again while a model comes to it: its agent is killed at a step that a seed picks, a moment that the
 * seed picks after it, and started again.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutDetail } from '@roadwatch/contract/api';
import { expect, onTestFinished } from 'vitest';
import { Child, type LogLine } from '../../../scripts/demo/child.ts';
import { streetCamera } from '../../agent/support/agent-box.ts';
import { pick, type Random, seeded } from '../../support/random.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { TERMS, type TestFleet, testFleet } from './fleet.ts';
import { modelFolder, signedModel } from './release.ts';

/** What the agent logs at each step, in their order. */
const STEPS = [
  'release offered',
  'fetching',
  'verifying',
  'warming',
  'comparing',
  'model is tried',
  'trial',
  'model is trusted',
] as const;
/** With a model on trial an agent may be started three times. */
const CUTS_OF_A_MODEL = 3;
const LONGEST_MOMENT_MS = 60;

export interface Cuts {
  readonly cuts: number;
  /** How often each step was the one. */
  readonly at: Readonly<Record<string, number>>;
}

/** Brings models to the box until its power has been cut so often; each of them must be in use in the end. */
export async function cutPower(seed: number, cuts: number): Promise<Cuts> {
  const random = seeded(seed);
  const fleet = await testFleet();
  const file = await boxFile(fleet);
  const at: Record<string, number> = {};
  let done = 0;
  for (let version = 2; done < cuts; version++) {
    const release = await fleet.upload(
      await signedModel(fleet.key, { version: String(version), ballast: 400_000 }),
    );
    const rollout = await fleet.rollout(release, { terms: { ...TERMS, trialMinutes: 0.01 } });
    for (let cut = 0; cut < CUTS_OF_A_MODEL && done < cuts; cut++) {
      const step = await cutOnce(file, random);
      at[step] = (at[step] ?? 0) + 1;
      done++;
    }
    const child = await started(file);
    const { agents } = await fleet.until(rollout, ({ state }) => state === 'done' || state === 'halted');
    expect(agents[0], `model ${version} after ${done} cuts`).toMatchObject({ state: 'running' });
    await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.model.version === String(version));
    await child.stop('SIGKILL');
  }
  // Whatever was cut short, the one in use and the one before it are all that is kept.
  const kept = await readdir(join(dirname(file), 'data', 'updates', 'models'));
  expect(kept.length).toBeLessThanOrEqual(2);
  return { cuts: done, at };
}

/** Cuts the power each time that the box comes to the step, starts it once more, and waits until the rollout is halted. */
export async function cutPowerAt(step: (typeof STEPS)[number], cuts: number): Promise<RolloutDetail> {
  const fleet = await testFleet();
  const file = await boxFile(fleet);
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2' }));
  const rollout = await fleet.rollout(release);
  for (let cut = 0; cut < cuts; cut++) {
    const reached = Promise.withResolvers<void>();
    const child = await started(file, ({ state }) => {
      if (state === step) reached.resolve();
    });
    await reached.promise;
    await child.stop('SIGKILL');
  }
  await started(file);
  return fleet.until(rollout, ({ counts }) => counts.failed === 1);
}

/** Starts the agent and kills it at a step, or at its start when that step has been before. Returns the step. */
async function cutOnce(file: string, random: Random): Promise<string> {
  const wanted = pick(random, STEPS);
  const reached = Promise.withResolvers<string>();
  const child = await started(file, ({ msg, state }) => {
    if (msg === wanted || state === wanted) reached.resolve(wanted);
    // All is over with this model: there is nothing left to cut.
    if (msg === 'update ended') reached.resolve('ended');
  });
  const step = await Promise.race([reached.promise, sleep(8_000, 'idle')]);
  await sleep(random() * LONGEST_MOMENT_MS);
  await child.stop('SIGKILL');
  return step;
}

/** Resolves when the agent runs, whatever the cut has left. */
async function started(file: string, onLine: (line: LogLine) => void = () => {}): Promise<Child> {
  const runs = Promise.withResolvers<void>();
  const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], {
    logFile: `${file}.log`,
    onLog: (line) => {
      if (line.msg === 'agent started') runs.resolve();
      onLine(line);
    },
  });
  onTestFinished(async () => {
    await child.stop('SIGKILL');
  });
  const ended = child.exited.then((code) => {
    throw new Error(`the agent ended (${code}): ${child.lastWords()}`);
  });
  await Promise.race([runs.promise, ended]);
  ended.catch(() => {});
  return child;
}

async function boxFile(fleet: TestFleet): Promise<string> {
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'agent.yaml');
  const config = {
    ...{ site: 'site', dataDir: 'data', health: { port: 0 }, verify: { minSeconds: 1, minLooks: 3 } },
    ...(await fleet.register('box')),
    model: await modelFolder({ version: '1' }),
    cameras: [{ id: 'camera-1', name: { en: 'Camera 1', zh: '摄像机1' }, url: camera.url }],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}
