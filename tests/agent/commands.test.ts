/** What a gateway asks of an agent, over a real broker, of a real camera. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { newId, timestamp } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

test('an inspection finds the pothole still there, says nothing of a place that it never saw damaged, and a snapshot shows the camera', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel(), verify: { minSeconds: 1, minLooks: 3, burstSeconds: 2 } },
  );
  await box.line('detection stored');
  const pothole = gateway.detections[0];

  const inspect = { kind: 'inspect', detection: pothole?.id, damageClass: 'pothole' };
  const [there, elsewhere, snapshot, stranger] = await Promise.all([
    ask(gateway, { ...inspect, box: pothole?.box }),
    ask(gateway, { ...inspect, box: [0.02, 0.02, 0.05, 0.05] }),
    ask(gateway, { kind: 'snapshot' }),
    ask(gateway, { kind: 'snapshot', camera: 'camera-9' }),
  ]);
  expect(there).toMatchObject({ outcome: 'done', inspection: { result: 'fail' } });
  expect(there.evidence?.map(({ name }) => name)).toEqual(['still.jpg', 'overlay.jpg']);
  expect(elsewhere).toMatchObject({
    outcome: 'done',
    inspection: { result: 'inconclusive', looked: 0, seen: 0 },
  });
  expect(snapshot.evidence?.map(({ name }) => name)).toEqual(['still.jpg']);
  expect(gateway.received.some(({ topic }) => topic.endsWith(`/evidence/${snapshot.id}/still.jpg`))).toBe(
    true,
  );
  expect(stranger).toMatchObject({
    outcome: 'failed',
    code: 'agent_without_camera',
    reason: 'this agent has no camera "camera-9"',
  });
}, 120_000);

test.each([
  ['behind', -7_200_000],
  ['ahead of', 7_200_000],
])(
  'a gateway whose clock is hours %s that of the box gets what it asks for, and nothing that it no longer wants',
  async (_, aheadMs) => {
    const gateway = await GatewayStandIn.start();
    gateway.aheadMs = aheadMs;
    const camera = await streetCamera();
    const box = await startBox(
      await temporaryFolder(),
      gateway.url,
      { url: camera.url },
      { model: await potholeModel() },
    );
    await box.line('detection stored');
    const late = { expiresAt: timestamp(gateway.nowMs - 1_000) };
    const [wanted, unwanted] = await Promise.all([
      ask(gateway, { kind: 'snapshot' }),
      ask(gateway, { kind: 'snapshot', ...late }),
    ]);
    expect(wanted).toMatchObject({ outcome: 'done' });
    expect(unwanted).toMatchObject({ outcome: 'expired', code: 'command_expired' });
  },
);

test('a live view goes to the gateway of the box only: another address is refused, and never connected to', async () => {
  const gateway = await GatewayStandIn.start();
  let knocks = 0;
  const stranger = createServer(() => knocks++).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close());
  const { port } = stranger.address() as AddressInfo;
  const camera = await streetCamera();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel(), gateway: { url: 'http://127.0.0.1:1' } },
  );
  await box.line('camera streaming');
  const live = { kind: 'live.start', session: newId(), token: 'a-token-of-this-test', maxSeconds: 5 };
  const [elsewhere, own] = await Promise.all([
    ask(gateway, { ...live, url: `ws://127.0.0.1:${port}/live` }),
    ask(gateway, { ...live, url: 'ws://127.0.0.1:1/live' }),
  ]);
  expect(elsewhere).toMatchObject({
    outcome: 'failed',
    reason: `url: ws://127.0.0.1:${port} is not the gateway of this box, http://127.0.0.1:1 (gateway.url)`,
  });
  expect(own.reason).toMatch(/^the gateway does not take the live view: connect ECONNREFUSED/);
  expect(knocks).toBe(0);
});
