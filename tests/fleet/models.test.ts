/** A model on its way from the console to a box: uploaded, handed out, fetched, verified, tried, and used or taken back. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startBox, streetCamera } from '../agent/support/agent-box.ts';
import { SlowLink } from '../support/slow-link.ts';
import { temporaryFolder } from '../support/temp.ts';
import { fleetBox, fleetSettings, TERMS, testFleet } from './support/fleet.ts';
import { type Answer, POTHOLE, signedModel, signingKey } from './support/release.ts';

const MANY: readonly Answer[] = Array.from({ length: 24 }, (_, at) => {
  const [x, y] = [(at % 8) * 8, Math.floor(at / 8) * 10];
  return [x, y, x + 6, y + 8, 1] as const;
});

test('a model that is uploaded is fetched by the box, tried and trusted, and the box says so from then on', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const box = await fleetBox(fleet, folder, { url: camera.url });
  await box.line('detection stored');
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: 300_000 }));
  const { agents, counts } = await fleet.until(await fleet.rollout(release), ({ state }) => state === 'done');
  expect(counts).toEqual({ waiting: 0, under_way: 0, done: 1, failed: 0, cancelled: 0 });
  expect(agents).toMatchObject([{ site: 'site', agent: 'box', state: 'running', code: null }]);
  const report = agents[0]?.report;
  expect(report?.receivedBytes).toBe(report?.totalBytes);
  expect(report?.comparison).toMatchObject({ agreement: 1 });
  await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.model.version === '2');
  // No frame was lost to it.
  expect(box.lines.filter(({ msg }) => msg === 'frame not analysed')).toEqual([]);
  const third = await fleet.upload(await signedModel(fleet.key, { version: '3' }));
  await fleet.until(await fleet.rollout(third), ({ state }) => state === 'done');
  // The one in use and the one before it.
  const kept = await readdir(join(folder, 'box', 'data', 'updates', 'models'));
  expect(kept.map((name) => name.slice(0, 12)).sort()).toEqual(['test-model-2', 'test-model-3']);
}, 90_000);

test('a model that sees things everywhere is taken back by the box itself, and the rollout stops at it', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const box = await fleetBox(fleet, folder, { url: camera.url });
  await fleetBox(fleet, folder, { url: camera.url }, { agent: 'other' });
  await box.line('detection stored');
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', boxes: MANY }));
  const rollout = await fleet.rollout(release, { terms: { ...TERMS, trialMinutes: 10 } });
  const halted = await fleet.until(rollout, ({ state }) => state === 'halted');
  expect(halted.agents).toMatchObject([
    { agent: 'box', state: 'rolled_back', code: 'candidates_jumped' },
    { agent: 'other', state: 'waiting' },
  ]);
  await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.model.version === '1');
  const { items } = (await fleet.admin.get('/api/audit?action=rollout')).body;
  expect(items[0]).toMatchObject({ action: 'rollout.halted', actor: 'system' });
}, 90_000);

test('a box takes only what a key of its own configuration has signed, whatever its gateway trusts', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const own = await signingKey();
  const change = { updates: { keyFiles: [own.publicFile] } };
  await fleetBox(fleet, await temporaryFolder(), { url: camera.url }, { change });
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: 300_000 }));
  const rollout = await fleet.rollout(release);
  const { agents } = await fleet.until(rollout, ({ counts }) => counts.failed === 1);
  expect(agents[0]).toMatchObject({ state: 'refused', code: 'unsigned', report: { receivedBytes: 0 } });
}, 60_000);

test('a model for pictures of another size, and one that is none, are refused by name before they decide anything', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const box = await fleetBox(fleet, await temporaryFolder(), { url: camera.url });
  await box.line('detection stored');
  const wide = (manifest: Record<string, unknown>) =>
    Object.assign(manifest.input as object, { width: 128, height: 64 });
  const spoilt = (manifest: Record<string, unknown>) =>
    Object.assign(manifest.input as object, { name: 'other' });
  for (const [version, change, code] of [
    ['2', wide, 'input_differs'],
    ['3', spoilt, 'model_unusable'],
  ] as const) {
    const release = await fleet.upload(await signedModel(fleet.key, { version, change }));
    const { agents } = await fleet.until(await fleet.rollout(release), ({ counts }) => counts.failed === 1);
    expect(agents[0]).toMatchObject({ state: 'refused', code });
  }
  expect((await fleet.admin.get('/api/agents')).body.items[0].status.model.version).toBe('1');
}, 60_000);

test('over a line that is cut again and again each byte comes about once, and the model arrives', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const link = await SlowLink.start(Number(new URL(fleet.gateway.url).port), { bytesPerSecond: 400_000 });
  onTestFinished(() => link.stop());
  const bytes = 1_500_000;
  const change = { gateway: { url: `http://127.0.0.1:${link.port}` } };
  await fleetBox(fleet, await temporaryFolder(), { url: camera.url }, { change });
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: bytes }));
  const rollout = await fleet.rollout(release);
  for (const share of [0.2, 0.5, 0.8]) {
    while (link.bytes.down < bytes * share) await new Promise((resolve) => setTimeout(resolve, 20));
    link.cut();
  }
  const { agents } = await fleet.until(rollout, ({ state }) => state === 'done');
  expect(agents[0]).toMatchObject({ state: 'running' });
  // What was under way at each cut is sent again, and no more.
  expect(link.bytes.down).toBeLessThan(bytes * 1.3);
}, 90_000);

test('a release that is withdrawn while a box fetches it is let go of, not asked for again and again', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const link = await SlowLink.start(Number(new URL(fleet.gateway.url).port), { bytesPerSecond: 400_000 });
  onTestFinished(() => link.stop());
  const change = { gateway: { url: `http://127.0.0.1:${link.port}` } };
  await fleetBox(fleet, await temporaryFolder(), { url: camera.url }, { change });
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: 3_000_000 }));
  const rollout = await fleet.rollout(release);
  await fleet.until(rollout, ({ agents }) => agents[0]?.state === 'fetching');
  await fleet.admin.post(`/api/releases/${release}/withdraw`);
  link.cut();
  const { agents } = await fleet.until(rollout, ({ counts }) => counts.failed === 1);
  expect(agents[0]).toMatchObject({ state: 'refused', code: 'update_cancelled' });
}, 60_000);

test('a model that only looks along reports figures of each camera and decides nothing, until it is taken back', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const box = await fleetBox(fleet, folder, { url: camera.url });
  await box.line('detection stored');
  const elsewhere: Answer = [4, 2, 16, 10, 1];
  const release = await fleet.upload(
    await signedModel(fleet.key, { version: '2', boxes: [POTHOLE, elsewhere] }),
  );
  const rollout = await fleet.rollout(release, { mode: 'shadow', terms: { share: 1 } });
  const { agents, state } = await fleet.until(
    rollout,
    (now) => (now.agents[0]?.report?.comparison?.frames ?? 0) > 5,
  );
  expect(agents[0]?.state).toBe('shadow');
  expect(agents[0]?.report?.cameras?.['camera-1']).toMatchObject({ agreement: 0.5 });
  expect(['running', 'done']).toContain(state);
  expect((await fleet.admin.get('/api/agents')).body.items[0].status.model.version).toBe('1');
  await fleet.admin.post(`/api/rollouts/${rollout}/cancel`);
  await fleet.until(rollout, ({ counts }) => counts.cancelled === 1);
  expect(await readdir(join(folder, 'box', 'data', 'updates', 'models'))).toEqual([]);
}, 60_000);

test('a model that has looked along and is then to take over is not fetched again', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const link = await SlowLink.start(Number(new URL(fleet.gateway.url).port));
  onTestFinished(() => link.stop());
  const change = { gateway: { url: `http://127.0.0.1:${link.port}` } };
  await fleetBox(fleet, await temporaryFolder(), { url: camera.url }, { change });
  const bytes = 600_000;
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: bytes }));
  await fleet.until(
    await fleet.rollout(release, { mode: 'shadow' }),
    ({ agents }) => agents[0]?.state === 'shadow',
  );
  await fleet.until(await fleet.rollout(release), ({ state }) => state === 'done');
  expect(link.bytes.down).toBeLessThan(bytes * 1.3);
}, 60_000);

test('a rollout that is taken back during a trial puts the model of before back, which a restart keeps', async () => {
  const { fleet, box, rollout, restart } = await trialBox();
  await fleet.admin.post(`/api/rollouts/${rollout}/cancel`);
  const { agents } = await fleet.until(rollout, ({ counts }) => counts.failed === 1);
  expect(agents[0]).toMatchObject({ state: 'rolled_back', code: 'update_cancelled' });
  await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.model.version === '1');
  await box.agent.stop();
  const again = await restart();
  expect(await again.line('agent started')).toMatchObject({ model: 'test-model-1' });
  await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.state === 'online');
  expect((await fleet.admin.get(`/api/rollouts/${rollout}`)).body.agents[0].state).toBe('rolled_back');
}, 120_000);

test('a model on trial whose start could not be noted is not trusted for what another one did, but tried again', async () => {
  const { box, folder, restart } = await trialBox();
  await box.agent.stop();
  // A disk that refuses to keep anything while the agent starts.
  const inTheWay = join(folder, 'box', 'data', 'updates', 'state.json.part');
  mkdirSync(inTheWay);
  const again = await restart();
  rmdirSync(inTheWay);
  expect(await again.line('agent started')).toMatchObject({ model: 'test-model-1' });
  expect(await again.line('model is tried')).toMatchObject({ before: 'test-model-1' });
}, 120_000);

test('a trial that the disk did not let go of when it was taken back is let go of when it does', async () => {
  const { fleet, box, folder, rollout } = await trialBox();
  const inTheWay = join(folder, 'box', 'data', 'updates', 'state.json.part');
  mkdirSync(inTheWay);
  await fleet.admin.post(`/api/rollouts/${rollout}/cancel`);
  await box.line('update not kept');
  rmdirSync(inTheWay);
  // The gateway says it again, which a test need not wait for.
  const second = await fleet.upload(await signedModel(fleet.key, { version: '3' }));
  await fleet.until(await fleet.rollout(second), ({ counts }) => counts.done === 1);
  const { agents } = await fleet.until(rollout, ({ counts }) => counts.failed === 1);
  expect(agents[0]).toMatchObject({ state: 'rolled_back', code: 'superseded' });
  expect(await box.line('model is tried', 2)).toMatchObject({ before: 'test-model-1' });
}, 120_000);

/** A box that tries the second version for an hour; `restart` begins it anew once it was stopped. */
async function trialBox() {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const settings = await fleetSettings(fleet);
  const start = () => startBox(join(folder, 'box'), fleet.gateway.mqttUrl, { url: camera.url }, settings);
  const box = await start();
  await box.line('detection stored');
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2' }));
  const rollout = await fleet.rollout(release, { terms: { ...TERMS, trialMinutes: 60 } });
  await fleet.until(rollout, (now) => now.agents[0]?.state === 'trial');
  await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.model.version === '2');
  return { fleet, box, folder, rollout, restart: start };
}
