/** A model on its way from the console to a box: uploaded, handed out, fetched, verified, tried, and used or taken back. */
import { expect, test } from 'vitest';
import { streetCamera } from '../agent/support/agent-box.ts';
import { temporaryFolder } from '../support/temp.ts';
import { fleetBox, testFleet } from './support/fleet.ts';
import { signedModel } from './support/release.ts';

test('a model that is uploaded is fetched by the box, tried and trusted, and detections name it from then on', async () => {
  const fleet = await testFleet();
  const camera = await streetCamera();
  const box = await fleetBox(fleet, await temporaryFolder(), { url: camera.url });
  await box.line('detection stored');
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: 300_000 }));
  const rollout = await fleet.rollout(release);
  const { agents, counts } = await fleet.until(rollout, ({ state }) => state === 'done');
  expect(counts).toEqual({ waiting: 0, under_way: 0, done: 1, failed: 0, cancelled: 0 });
  expect(agents).toMatchObject([{ site: 'site', agent: 'box', state: 'running', code: null }]);
  const report = agents[0]?.report;
  expect(report?.receivedBytes).toBe(report?.totalBytes);
  expect(report?.comparison).toMatchObject({ agreement: 1 });
  await fleet.admin.until('/api/agents', ({ items }) => items[0]?.status.model.version === '2');
  expect(box.lines.filter(({ msg }) => msg === 'frame not analysed')).toEqual([]);
}, 60_000);
