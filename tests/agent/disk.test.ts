/** A box whose disk is full, from the start or while it runs: what it sees arrives, it says what is wrong, and cameras are not blamed. */
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { mountSmallDisk, type SmallDisk } from '../../gateway/testing/small-disk.ts';
import { Child, type LogLine } from '../../scripts/demo/child.ts';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

let disk: SmallDisk | null = null;
beforeEach(() => {
  disk = mountSmallDisk(40);
});
afterEach(() => disk?.unmount());

const WHY = 'only root may mount a small disk';

async function health(url: string): Promise<{ status: number; codes: string[]; body: object }> {
  const answer = await fetch(`${url}/healthz`);
  const body = (await answer.json()) as { troubles: { code: string }[] };
  return { status: answer.status, codes: body.troubles.map(({ code }) => code), body };
}

test('a disk that fills up while it runs: the ring gives way, the reserve holds what is verified, health says why', async ({
  skip,
}) => {
  if (disk === null) return skip(WHY);
  const { path, fill, makeRoom } = disk;
  const gateway = await GatewayStandIn.start();
  gateway.answer = 'silent';
  const camera = await streetCamera();
  const box = await startBox(path, gateway.url, { url: camera.url }, { model: await potholeModel() });
  await box.line('camera streaming');
  fill();
  await gateway.until(() => gateway.evidence('clip.mp4') !== undefined);
  await expect.poll(async () => (await health(box.agent.healthUrl)).codes).toContain('ring_in_memory');
  // Whoever fills the disk takes what the ring has left, too.
  fill();
  await expect
    .poll(() => health(box.agent.healthUrl), { timeout: 20_000 })
    .toMatchObject({
      status: 503,
      codes: expect.arrayContaining(['disk_full', 'ring_in_memory']),
      body: { status: 'degraded', streaming: 1 },
    });
  const said = JSON.stringify((await health(box.agent.healthUrl)).body);
  expect(said).toContain(`the disk of ${path}/data is full: 0.`);
  const lines = box.lines.map(({ msg, reason }) => `${msg}: ${reason}`);
  expect(lines.filter((line) => /the camera (ended|closed)|cannot rollback/.test(line))).toEqual([]);
  expect(readdirSync(join(path, 'data/ring/'))).toEqual([]);

  makeRoom();
  gateway.answer = 'stored';
  await expect
    .poll(() => health(box.agent.healthUrl), { timeout: 30_000 })
    .toMatchObject({ codes: ['ring_in_memory'] });
  expect(await box.agent.stop()).toEqual([]);
}, 90_000);

async function started(folder: string, config: object): Promise<{ child: Child; lines: LogLine[] }> {
  const file = join(await temporaryFolder(), 'agent.yaml');
  writeFileSync(file, JSON.stringify(config));
  const lines: LogLine[] = [];
  const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], {
    logFile: join(folder, 'agent.log'),
    onLog: (line) => void lines.push(line),
  });
  onTestFinished(async () => {
    await child.stop('SIGKILL');
  });
  return { child, lines };
}

test('a disk that is full at the start: it runs, what it verifies is sent or named at the end, with an exit code of its own', async ({
  skip,
}) => {
  if (disk === null) return skip(WHY);
  const { path, fill } = disk;
  const gateway = await GatewayStandIn.start();
  gateway.answer = 'silent';
  const camera = await streetCamera();
  await mkdir(join(path, 'data'), { recursive: true });
  fill();
  const name = { en: 'One', zh: '一' };
  const { child, lines } = await started(await temporaryFolder(), {
    ...{ site: 'site', agent: 'box', dataDir: join(path, 'data'), mqtt: { url: gateway.url } },
    ...{ health: { port: 0 }, verify: { minSeconds: 1, minLooks: 3 }, model: await potholeModel() },
    cameras: [{ id: 'camera-1', name, url: camera.url }],
  });
  await gateway.until(() => gateway.detections.length > 0);
  const url = lines.find(({ msg }) => msg === 'agent started')?.health;
  expect(await health(String(url))).toMatchObject({
    status: 503,
    codes: ['disk_full', 'store_in_memory', 'ring_in_memory'],
  });
  const [detection] = gateway.detections;
  const status = gateway.received.findLast(({ topic }) => topic.endsWith('/status'))?.payload;
  expect(JSON.parse(String(status)).troubles).toContainEqual(
    expect.objectContaining({ code: 'disk_full', detail: expect.stringContaining(path) }),
  );
  expect(await child.stop()).toBe(3);
  expect(lines.find(({ msg }) => msg === 'verified, and neither sent nor saved')).toMatchObject({
    count: expect.any(Number),
    unsaved: expect.arrayContaining([{ camera: 'camera-1', detection: detection?.id }]),
  });
  expect(JSON.stringify(lines)).not.toMatch(/the camera ended|cannot rollback/);
}, 90_000);

test('a disk that may only be read: it runs, what it verifies arrives, and the reason is what the disk says', async ({
  skip,
}) => {
  if (disk === null) return skip(WHY);
  const { path, makeReadOnly } = disk;
  makeReadOnly();
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const box = await startBox(path, gateway.url, { url: camera.url }, { model: await potholeModel() });
  await gateway.until(() => gateway.evidence('clip.mp4') !== undefined);
  const { status, codes, body } = await health(box.agent.healthUrl);
  expect([status, codes]).toEqual([503, ['disk_unwritable', 'store_in_memory', 'ring_in_memory']]);
  for (const { detail } of (body as { troubles: { detail: string }[] }).troubles)
    expect(detail).toMatch(/\/data\S* cannot be written \(EROFS\)/);
}, 60_000);
