/** Packages of the agent itself, handed to the updater of the box. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { streetCamera } from '../agent/support/agent-box.ts';
import { temporaryFolder } from '../support/temp.ts';
import { fleetBox, testFleet } from './support/fleet.ts';
import { signedPackages } from './support/release.ts';

const MACHINE = process.arch === 'arm64' ? 'arm64' : 'amd64';

test('a box lays the package for its machine where its updater takes it, with what was signed, and takes it back when told', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const change = { updates: { keyFiles: [fleet.key.publicFile], packages: 'deb' } };
  await fleetBox(fleet, folder, { url: camera.url }, { change });
  const release = await fleet.upload(await signedPackages(fleet.key, '9.9.9'));
  const rollout = await fleet.rollout(release);
  const { agents } = await fleet.until(rollout, (now) => now.agents[0]?.state === 'handed_over');
  const report = agents[0]?.report;
  expect(report?.receivedBytes).toBe(report?.totalBytes);
  const spool = join(folder, 'box', 'data', 'updates');
  expect(await readFile(join(spool, 'apply'), 'utf8')).toBe('9.9.9\n');
  const file = await readFile(join(spool, '9.9.9.deb'));
  expect(String(file)).toBe(`the package for ${MACHINE}`);
  const note = JSON.parse(await readFile(join(spool, '9.9.9.json'), 'utf8'));
  expect(note.sha256).toBe(createHash('sha256').update(file).digest('hex'));
  expect(JSON.parse(note.release).version).toBe('9.9.9');
  await fleet.admin.post(`/api/rollouts/${rollout}/cancel`);
  await fleet.until(rollout, ({ counts }) => counts.cancelled === 1);
  expect((await readdir(spool)).filter((name) => name.startsWith('9.9.9') || name === 'apply')).toEqual([]);
}, 60_000);

test('a box that has not been told to take packages refuses them', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  await fleetBox(fleet, await temporaryFolder(), { url: camera.url });
  const rollout = await fleet.rollout(await fleet.upload(await signedPackages(fleet.key, '9.9.9')));
  const { agents } = await fleet.until(rollout, ({ counts }) => counts.failed === 1);
  expect(agents[0]).toMatchObject({ state: 'refused', code: 'kind_unknown' });
}, 60_000);
