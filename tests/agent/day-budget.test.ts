/** What a box sends on a day on which its budget runs out, and what on the next; and that nobody watches it live meanwhile. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Detection, newId, sha256 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { RunningAgent } from '../../agent/src/doctor/running-agent.ts';
import { statusText } from '../../agent/src/support/status-text.ts';
import { writeTestModel } from '../support/model.ts';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { clipOf, pictureOf, slowLine } from './support/slow-line.ts';

const NOON = Date.parse('2026-11-27T12:00:00Z');

test('clips wait from 80 % of the day’s bytes, pictures from all of them, detections never, and the next day brings the rest', async () => {
  const { box, kept } = await slowLine({});
  const clock = { ms: NOON, nowMs: () => clock.ms, isTold: true };
  const first = await box(undefined, { bytesPerDay: 1_000_000, clock });
  const clip = clipOf(1_200_000);
  first.file('clip', 'clip', clip);
  await first.until(() => first.lines.some(({ msg }) => msg === 'evidence waits for the next day'));
  const atClips = first.uplink.figures.dayBytes;
  expect(atClips).toBeGreaterThan(800_000);
  expect(atClips).toBeLessThan(1_000_000);
  expect(first.uplink.troubles).toMatchObject([
    { code: 'uplink_budget', detail: expect.stringMatching(/of 1\.0 MB of today .* clips wait/) },
  ]);
  const [early, late] = [pictureOf(60_000), pictureOf(300_000)];
  first.file('early', 'picture', early);
  await first.until(() => first.stored.includes('early'));
  await first.stop();

  // As it ends, so it begins.
  const second = await box(first.folder, { bytesPerDay: 1_000_000, clock });
  expect(second.uplink.figures.dayBytes).toBeGreaterThan(atClips + 60_000);
  second.file('late', 'picture', late);
  second.detection('detection');
  await second.until(() => second.stored.includes('detection'));
  await expect
    .poll(() => second.uplink.troubles[0]?.detail, { timeout: 30_000 })
    .toMatch(/pictures and clips wait/);
  expect(second.stored).toEqual(['detection']);

  clock.ms = Date.parse('2026-11-28T00:00:01Z');
  await second.until(() => second.stored.includes('late'));
  await second.until(() => second.lines.some(({ msg }) => msg === 'evidence goes on'));
  await second.until(() => second.outbox.depth === 0);
  expect(second.uplink.troubles).toEqual([]);
  expect(await kept(sha256(late))).toEqual(late);
  expect(await kept(sha256(clip))).toEqual(clip);
  expect(second.uplink.figures.dayBytes).toBeLessThan(1_000_000);
}, 60_000);

/** A box with one camera that has sent so much of 10 MB today. */
async function boxThatHasSent(bytes: number, change: object = {}) {
  const broker = await GatewayStandIn.start();
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    for (const client of relay.clients) client.terminate();
    relay.close();
  });
  await once(relay, 'listening');
  const url = `ws://127.0.0.1:${(relay.address() as AddressInfo).port}/live`;
  const street = await streetCamera({ source: await streetPicture(1280, 720) });
  const folder = await temporaryFolder();
  const date = new Date().toISOString().slice(0, 10);
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'uplink-day.json'), JSON.stringify({ date, bytes }));
  const box = await startBox(
    folder,
    broker.url,
    { url: street.url },
    {
      // Finds nothing.
      model: await writeTestModel({ kind: 'boxes', outputShape: [1, 1, 6], answer: [32, 16, 44, 24, 0, 0] }),
      uplink: { megabytesPerDay: 10 },
      gateway: { url: url.replace('ws:', 'http:').replace('/live', '') },
      ...change,
    },
  );
  await box.line('camera streaming');
  const live = {
    ...{ kind: 'live.start', session: newId(), url, token: 'a-token-of-this-test', maxSeconds: 60 },
    plays: ['h264'],
  };
  return { broker, box, live };
}

test('a live view is refused once so much of the day has been sent that clips need the rest', async () => {
  const { broker, box, live } = await boxThatHasSent(6_000_000);
  expect(await ask(broker, live)).toMatchObject({
    outcome: 'failed',
    code: 'live_over_budget',
    reason: expect.stringMatching(/uplink\.megabytesPerDay/),
  });
  const running = (await (await fetch(`${box.agent.healthUrl}/status`)).json()) as RunningAgent;
  expect(statusText(running, 'en')).toMatch(/6\.\d of 10 MB sent today/);
  expect(statusText(running, 'zh')).toMatch(/今日已发 6\.\d \/ 10 MB/);
  const metrics = await (await fetch(`${box.agent.healthUrl}/metrics`)).text();
  expect(Number(/^roadwatch_uplink_day_bytes (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(6_000_000);
  expect(metrics).toMatch(/^roadwatch_uplink_day_budget_bytes 10000000$/m);
}, 60_000);

test('a live view that is on ends when the day has nothing left for it, and what it sent is counted', async () => {
  const { broker, box, live } = await boxThatHasSent(5_950_000);
  expect(await ask(broker, live)).toMatchObject({ outcome: 'done' });
  const { reason } = await box.line('live view ended');
  expect(reason).toMatch(/data budget of the day/);
  expect(box.agent.figures().uplink.dayBytes).toBeGreaterThan(6_000_000);
}, 60_000);

test('of a day that is used up no pictures are sent that somebody asks for; what an inspection has seen is told all the same', async () => {
  const { broker, box } = await boxThatHasSent(10_000_000, {
    model: await potholeModel(),
    verify: { minSeconds: 1, minLooks: 3, burstSeconds: 2 },
  });
  await box.line('detection stored');
  const { id: detection, damageClass, box: place } = broker.detections[0] as Detection;
  const reply = await ask(broker, { kind: 'inspect', detection, damageClass, box: place });
  expect(reply).toMatchObject({
    ...{ outcome: 'done', inspection: { result: 'fail' } },
    missing: [
      { name: 'still.jpg', kind: 'still', reason: 'over_budget' },
      { name: 'overlay.jpg', kind: 'overlay', reason: 'over_budget' },
    ],
  });
  expect(reply.evidence).toBeUndefined();
  expect(await ask(broker, { kind: 'snapshot' })).toMatchObject({
    outcome: 'failed',
    code: 'evidence_over_budget',
    reason: expect.stringMatching(/uplink\.megabytesPerDay/),
  });
  expect(broker.received.filter(({ topic }) => topic.includes('/evidence/'))).toEqual([]);
}, 60_000);

test('a picture that somebody asks for is counted, and goes though clips have nothing left', async () => {
  const { broker, box } = await boxThatHasSent(8_500_000);
  const { outcome, evidence } = await ask(broker, { kind: 'snapshot' });
  expect(outcome).toBe('done');
  await broker.until(() => broker.evidence('still.jpg') !== undefined);
  const bytes = evidence?.[0]?.bytes as number;
  expect(broker.evidence('still.jpg')?.length).toBe(bytes);
  expect(box.agent.figures().uplink.dayBytes).toBeGreaterThan(8_500_000 + bytes);
}, 60_000);
