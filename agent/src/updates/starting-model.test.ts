/** Whatever a power cut, a damaged disk or a bad model has left, the agent begins with one that can be used. */
import { copyFileSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId, sha256 } from '@roadwatch/contract';
import { ModelError } from '@roadwatch/models';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { writeTestModel } from '../../../tests/support/model.ts';
import { temporaryFolder } from '../../../tests/support/temp.ts';
import type { Model } from '../detect/model.ts';
import type { Job } from './jobs.ts';
import { startModels } from './start-models.ts';
import { UpdateStateFile } from './state.ts';
import { NO_TALLY } from './trial.ts';

const log = pino({ level: 'silent' });
const ROLLOUT = newId();
const FILE = { name: 'model.onnx', bytes: 1, sha256: sha256('a model') };

const testModel = (version: string): Promise<string> =>
  writeTestModel({
    kind: 'boxes',
    outputShape: [1, 1, 6],
    answer: [0, 0, 1, 1, 1, 0],
    change: (manifest) => Object.assign(manifest, { version }),
  });

/** A box that trusts 3, had 2 before, and is trying 4; 1 is the one of its configuration. */
async function box() {
  const dataDir = await temporaryFolder();
  const configured = await testModel('1');
  const dir = join(dataDir, 'updates');
  for (const version of ['2', '3', '4']) {
    const [from, to] = [await testModel(version), join(dir, 'models', `m-${version}`)];
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
  }
  const job: Job = {
    ...{ rollout: ROLLOUT, mode: 'switch', release: '{}', signature: null, state: 'trial', sinceMs: 0 },
    terms: { trialMinutes: 1, maxSlowdown: 3, maxJump: 3, share: 0.1 },
  };
  const state = new UpdateStateFile(dir);
  state.write({
    base: configured,
    confirmed: 'm-3',
    previous: 'm-2',
    trial: { folder: 'm-4', rollout: ROLLOUT, starts: 0, before: NO_TALLY },
    jobs: [job],
  });
  return {
    dir,
    configured,
    start: async (begin: (model: Model) => Promise<object> = async () => ({})) =>
      (await startModels({ dataDir, model: configured }, log, begin)).model.ref.version,
    spoil: (version: string) => truncateSync(join(dir, 'models', `m-${version}`, 'model.onnx'), 10),
    decided: () => new UpdateStateFile(dir).now,
  };
}

test('it begins with the model on trial, and counts its starts', async () => {
  const { start, decided } = await box();
  expect(await start()).toBe('4');
  expect(decided().trial?.starts).toBe(1);
});

test('a model on trial with which the agent is started again and again is given up for the one before', async () => {
  const { start, decided } = await box();
  for (let count = 0; count < 3; count++) expect(await start()).toBe('4');
  expect(await start()).toBe('3');
  expect(decided()).toMatchObject({
    trial: null,
    confirmed: 'm-3',
    jobs: [{ state: 'rolled_back', code: 'restarted_often' }],
  });
});

test.each([
  [['4'], '3'],
  [['4', '3'], '2'],
  [['4', '3', '2'], '1'],
] as const)('with %j damaged it begins with %s', async (spoilt, version) => {
  const { start, spoil, decided } = await box();
  spoilt.forEach(spoil);
  expect(await start()).toBe(version);
  expect(decided().jobs).toMatchObject([{ state: 'rolled_back', code: 'model_unusable' }]);
});

test('a model that onnxruntime refuses is one that cannot be used', async () => {
  const { start } = await box();
  const begin = async ({ ref }: Model): Promise<object> => {
    if (ref.version === '4') throw new ModelError('no such input');
    return {};
  };
  expect(await start(begin)).toBe('3');
});

test.each(['', '{', '{"v":1}', '{"v":2,"confirmed":"../../etc"}', '\u0000'.repeat(400)])(
  'decisions that are damaged (%j) leave the configured model',
  async (text) => {
    const { start, dir } = await box();
    writeFileSync(join(dir, 'state.json'), text);
    expect(await start()).toBe('1');
  },
);

test('who names another model in the configuration gets it', async () => {
  const { dir } = await box();
  const other = await testModel('9');
  const state = new UpdateStateFile(dir);
  const release = { v: 1, name: 'test-model', version: '4', files: [FILE] };
  const [late] = state.now.jobs as [Job];
  const jobs = (['model', 'agent'] as const).flatMap((kind) =>
    (['switch', 'shadow'] as const).map((mode) => ({
      ...{ ...late, rollout: newId(), mode },
      release: JSON.stringify({ ...release, kind }),
    })),
  );
  state.write({ jobs });
  const { model } = await startModels({ dataDir: join(dir, '..'), model: other }, log, async () => ({}));
  expect(model.ref.version).toBe('9');
  expect(new UpdateStateFile(dir).now).toMatchObject({
    ...{ confirmed: null, trial: null },
    jobs: [
      { state: 'cancelled', code: 'configured_otherwise' },
      ...[{ state: 'trial' }, { state: 'trial' }, { state: 'trial' }],
    ],
  });
});
