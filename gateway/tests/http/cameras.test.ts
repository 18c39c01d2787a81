/** A camera by itself: what it last said, and the last picture that has come from it; who is away is not waited for. */
import { type EvidenceRef, sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const PATH = '/api/cameras/binjiang/edge-1/binsheng-road';

/** What begins as a picture does (SOI, ISO/IEC 10918-1 B.1.1.3). */
const jpeg = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(text)]);

function still(capturedAt: string, bytes: Buffer): EvidenceRef {
  return {
    ...{ name: 'still.jpg', kind: 'still', contentType: 'image/jpeg' },
    ...{ sha256: sha256(bytes), bytes: bytes.length, capturedAt },
  };
}

async function cameraOnTheAir() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.deliver(agent.topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState()));
  return { gateway, agent, operator: await gateway.operator() };
}

test('a camera shows the newest picture that has come, not one that was only promised', async () => {
  const { agent, operator } = await cameraOnTheAir();
  await agent.send(agent.topics.status, JSON.stringify(sampleStatus()));
  expect((await operator.get(PATH)).body).toMatchObject({ camera: 'binsheng-road', picture: null });
  const old = jpeg('older');
  const seen = { old: '2026-11-23T08:15:30.250Z', promised: '2026-11-23T09:15:30.250Z' };
  const first = await agent.report({ evidence: [still(seen.old, old)] });
  await agent.deliver(agent.topics.evidence('binsheng-road', first.id, 'still.jpg'), old);
  await agent.report({
    box: [0.1, 0.1, 0.1, 0.05],
    lastSeenAt: seen.promised,
    evidence: [still(seen.promised, jpeg('newer'))],
  });
  expect((await operator.get(PATH)).body).toMatchObject({
    state: 'streaming',
    picture: { sha256: sha256(old), capturedAt: seen.old },
  });
  expect((await operator.get('/api/cameras/binjiang/edge-1/nowhere')).status).toBe(404);
});

test('a live view of a camera whose agent is known to be away is refused at once, by name', async () => {
  const { agent, operator } = await cameraOnTheAir();
  await agent.send(agent.topics.status, JSON.stringify(sampleStatus({ state: 'offline' })));
  await operator.until(PATH, (camera) => camera.state === 'unknown');
  const answer = await operator.post(`${PATH}/live`);
  expect([answer.status, answer.body.code]).toEqual([503, 'agent_offline']);
  expect(agent.commands).toEqual([]);
});

test('places of cameras are told within bounds, in WGS 84 whatever the box speaks, and wrong bounds are refused by name', async () => {
  const { agent, operator } = await cameraOnTheAir();
  const at = (camera: string, position: object) =>
    agent.deliver(
      agent.topics.cameraState(camera),
      JSON.stringify({ ...sampleCameraState({ camera }), position }),
    );
  await at('binsheng-road', { latitude: 30.2, longitude: 120.2 });
  await at('wentao-road', { latitude: 30.4, longitude: 120.5 });
  expect((await operator.get('/api/camera-places')).body).toEqual({
    count: 2,
    bounds: [120.2, 30.2, 120.5, 30.4],
    places: [
      [120.2, 30.2],
      [120.5, 30.4],
    ],
  });
  const within = async (bbox: string) => (await operator.get(`/api/camera-places?bbox=${bbox}`)).body;
  expect(await within('120.1,30.1,120.3,30.3')).toMatchObject({ count: 1, places: [[120.2, 30.2]] });
  expect(await within('-1,-1,1,1')).toEqual({ count: 0, bounds: null, places: [] });
  expect(await within('120,30,121')).toMatchObject({ status: 422, detail: expect.stringContaining('bbox') });
});

test('those in some states are asked for, and of a box that is away nobody knows any', async () => {
  const { agent, operator } = await cameraOnTheAir();
  await agent.send(agent.topics.status, JSON.stringify(sampleStatus()));
  const covered = JSON.stringify(sampleCameraState({ camera: 'wentao-road', state: 'covered' }));
  await agent.deliver(agent.topics.cameraState('wentao-road'), covered);
  const named = async (states: string): Promise<string[]> =>
    (await operator.get(`/api/cameras?state=${states}`)).body.items.map(
      (one: { camera: string }) => one.camera,
    );
  expect(await named('stalled,covered')).toEqual(['wentao-road']);
  expect(await named('streaming,covered')).toEqual(['binsheng-road', 'wentao-road']);
  expect((await operator.get('/api/cameras?state=purple')).status).toBe(422);

  await agent.send(agent.topics.status, JSON.stringify(sampleStatus({ state: 'offline' })));
  await operator.until(PATH, (camera) => camera.state === 'unknown');
  expect(await named('streaming,covered')).toEqual([]);
});
