import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId, type Release, sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temp.ts';
import { VERSION } from '../version.ts';
import type { Job } from './jobs.ts';
import { CONFIRM_MS, fileFor, updatePackage } from './package-update.ts';
import { UpdateStateFile } from './state.ts';

const release = (...names: readonly string[]): Release => ({
  v: 1,
  kind: 'agent',
  name: 'roadwatch-agent',
  version: '0.2.0',
  files: names.map((name) => ({ name, bytes: 1, sha256: sha256(name) })),
});
const ALL = release(
  'roadwatch-agent_0.2.0_amd64.deb',
  'roadwatch-agent_0.2.0_arm64.deb',
  'roadwatch-agent-0.2.0-linux-x64.tar.gz',
  'roadwatch-agent-0.2.0-linux-arm64.tar.gz',
);

test.each([
  ['deb', 'x64', 'roadwatch-agent_0.2.0_amd64.deb'],
  ['deb', 'arm64', 'roadwatch-agent_0.2.0_arm64.deb'],
  ['tar.gz', 'x64', 'roadwatch-agent-0.2.0-linux-x64.tar.gz'],
  ['tar.gz', 'arm64', 'roadwatch-agent-0.2.0-linux-arm64.tar.gz'],
] as const)('of all packages a box that takes .%s on %s fetches its own', (form, machine, name) => {
  expect(fileFor(ALL, form, machine).name).toBe(name);
});

test('a machine for which there is none is told so', () => {
  expect(() => fileFor(ALL, 'deb', 'riscv64')).toThrow(
    '0 of them are for this machine (riscv64, .deb); expected one',
  );
});

/** A box that has handed the package over; its updater has taken the marker away. */
async function handedOver(change: Partial<Job>, of: Release = ALL) {
  const dir = await temporaryFolder();
  const state = new UpdateStateFile(dir);
  const job: Job = {
    ...{ rollout: newId(), mode: 'switch', release: JSON.stringify(of), signature: null },
    terms: { trialMinutes: 1, maxSlowdown: 3, maxJump: 3, share: 0.1 },
    ...{ state: 'handed_over', sinceMs: Date.now() },
    ...change,
  };
  state.write({ jobs: [job] });
  const fetched: string[] = [];
  const progress = {
    state: () => {},
    compared: () => {},
    lookedAlong: () => {},
    fetch: async ({ version }: Release) => {
      fetched.push(version);
      throw new Error('there is no line');
    },
  };
  const parts = { dir, form: 'deb', state, log: pino({ level: 'silent' }) } as const;
  return {
    fetched,
    marker: join(dir, 'apply'),
    say: (outcome: string, code = '', detail = '') =>
      writeFileSync(join(dir, 'result.json'), JSON.stringify({ version: of.version, outcome, code, detail })),
    jobs: () => new UpdateStateFile(dir).now.jobs,
    wait: (signal: AbortSignal) => updatePackage(parts, state.now.jobs[0] as Job, of, progress, signal),
  };
}

test.each([
  ['is right', 0],
  ['was set back', 3_600_000],
  ['was set on', -3_600_000],
])(
  'a package that is not confirmed in time is given up, and not handed over again; the clock %s',
  async (_, sinceMs) => {
    const late = await handedOver({ sinceMs: Date.now() + sinceMs, waitedMs: CONFIRM_MS - 1 });
    await late.wait(new AbortController().signal);
    expect(late.jobs()).toMatchObject([{ state: 'rolled_back', code: 'not_confirmed' }]);
    expect(late.fetched).toEqual([]);
    expect(existsSync(late.marker)).toBe(false);
  },
);

test('the time that an updater has had is kept over restarts, and is not over because the clock says so', async () => {
  const early = await handedOver({ sinceMs: Date.now() - 2 * CONFIRM_MS });
  const ending = new AbortController();
  const waiting = early.wait(ending.signal);
  ending.abort(new Error('the agent ends'));
  await expect(waiting).rejects.toThrow();
  const [{ waitedMs, state }] = early.jobs() as [Job];
  expect(state).toBe('handed_over');
  expect(waitedMs).toBeGreaterThan(0);
});

test.each([
  [
    'refused',
    'unsigned',
    'it is not signed',
    { state: 'refused', code: 'unsigned', detail: 'it is not signed' },
  ],
  ['rolled_back', 'not_confirmed', '', { state: 'rolled_back', code: 'not_confirmed' }],
  ['rolled_back', 'of another version', 'x', { state: 'rolled_back', code: 'not_confirmed', detail: 'x' }],
])('what the updater says of it is told: %s, %s', async (outcome, code, detail, told) => {
  const { say, wait, jobs } = await handedOver({});
  say(outcome, code, detail);
  await wait(new AbortController().signal);
  expect(jobs()).toMatchObject([told]);
});

test('a new version counts as running once the updater is content with it', async () => {
  const { say, wait, jobs } = await handedOver({}, { ...ALL, version: VERSION });
  say('installing');
  const stopping = new AbortController();
  const waiting = wait(stopping.signal);
  stopping.abort(new Error('the agent ends'));
  await expect(waiting).rejects.toThrow();
  expect(jobs()).toMatchObject([{ state: 'handed_over' }]);
  say('installed');
  await wait(new AbortController().signal);
  expect(jobs()).toMatchObject([{ state: 'running' }]);
});
