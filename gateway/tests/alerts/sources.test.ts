/** One source cannot speak for another: what a box sends hides nothing of another box's, and a verdict on one leaves the other's. */
import { type Detection, sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { TestAgent } from '../../testing/agent.ts';
import type { Settings } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';

const HOLE = { position: { latitude: 30.2084, longitude: 120.2123 }, positionOf: 'damage' as const };

async function desk(settings: Settings = {}) {
  const gateway = await testGateway(settings);
  const boxes = [await gateway.agent(), await gateway.agent('binjiang', 'edge-2')] as const;
  const operator = await gateway.operator();
  const alerts = async (query = '') => (await operator.get(`/api/alerts?order=oldest${query}`)).body.items;
  return { gateway, boxes, operator, alerts };
}

test('evidence that will not come is named with the reason, so that nobody waits for it', async () => {
  const { boxes, alerts } = await desk();
  const missing = { name: 'clip.mp4', kind: 'clip', reason: 'not_recorded' } as const;
  await boxes[0].report({ missing: [missing] });
  expect((await alerts())[0].pictures[0].missing).toEqual([missing]);
});

let made = 0;

/** Reports damage; its picture comes only where `sent`. */
async function see(agent: TestAgent, camera: string, changes: Partial<Detection> = {}, sent = true) {
  const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ++made]);
  const still = {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: sha256(picture),
    bytes: picture.length,
    capturedAt: '2026-11-23T08:15:30.250Z',
  } as const;
  const detection = await agent.report({ camera, evidence: [still], ...HOLE, ...changes });
  if (sent) await agent.deliver(agent.topics.evidence(camera, detection.id, 'still.jpg'), picture);
  return { ...detection, picture: still.sha256 };
}

test('a surer report of another box changes neither the picture, the box nor the score by which an alert is judged', async () => {
  const { boxes, alerts } = await desk();
  const own = await see(boxes[0], 'east', { score: 0.6 });
  const other = await see(boxes[1], 'fake', { score: 1, box: [0.1, 0.1, 0.5, 0.5] });
  expect(await alerts()).toMatchObject([
    {
      camera: 'east',
      score: 0.6,
      box: own.box,
      pictureOf: 'binjiang/edge-1/east',
      evidence: [{ sha256: own.picture }],
      pictures: [
        { source: 'binjiang/edge-1/east', evidence: [{ sha256: own.picture }] },
        { source: 'binjiang/edge-2/fake', score: 1, evidence: [{ sha256: other.picture }] },
      ],
    },
  ]);
});

test('until an alert has a picture of its own, another box’s stands in under its own name', async () => {
  const { boxes, alerts } = await desk();
  const own = await see(boxes[0], 'east', { score: 0.6 }, false);
  const other = await see(boxes[1], 'west', { score: 0.7 });
  expect(await alerts()).toMatchObject([
    { pictureOf: 'binjiang/edge-2/west', evidence: [{ sha256: other.picture }], score: 0.7 },
  ]);
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xe0, made - 1]);
  await boxes[0].deliver(boxes[0].topics.evidence('east', own.id, 'still.jpg'), bytes);
  expect(await alerts()).toMatchObject([{ pictureOf: 'binjiang/edge-1/east', score: 0.6 }]);
});

test('a better picture that never comes does not hide the one that has', async () => {
  const { boxes, alerts } = await desk();
  const first = await see(boxes[0], 'east', { score: 0.6 });
  await see(boxes[0], 'east', { score: 0.9, box: [0.41, 0.6, 0.1, 0.05] }, false);
  expect(await alerts()).toMatchObject([
    {
      count: 2,
      detectionId: first.id,
      box: first.box,
      evidence: [{ sha256: first.picture, available: true }],
    },
  ]);
});

test('rejecting what one box reported leaves what another saw there in the queue, and its place open', async () => {
  const { boxes, operator, alerts } = await desk({ alerts: { rejectedPlaces: { days: 30, holdAfter: 1 } } });
  await see(boxes[0], 'fake', { score: 1 });
  const real = await see(boxes[1], 'real', { score: 0.6 });
  await see(boxes[1], 'real-too', { score: 0.5 });
  const [{ id }] = await alerts();
  await operator.post(`/api/alerts/${id}/reject`, { reason: 'marking' });
  const [left, ...more] = await alerts('&state=new');
  expect(more).toEqual([]);
  expect(left).toMatchObject({
    camera: 'real',
    count: 2,
    mergedInto: null,
    pictureOf: 'binjiang/edge-2/real',
    evidence: [{ sha256: real.picture }],
    parts: [{ camera: 'real-too' }],
    rejectedBefore: null,
  });
  await see(boxes[1], 'real', { score: 0.5 });
  expect(await alerts('&state=new')).toMatchObject([{ id: left.id, count: 3 }]);
  const confirmed = await operator.post(`/api/alerts/${left.id}/confirm`);
  expect(confirmed.status).toBe(200);
  await operator.post(`/api/alerts/${id}/undo`);
  expect(await alerts('&state=new')).toMatchObject([{ id, camera: 'fake', parts: [] }]);
});

test('a part of another box can be rejected by itself, and the alert stays as it was', async () => {
  const { boxes, operator, alerts } = await desk();
  await see(boxes[0], 'real', { score: 0.6 });
  await see(boxes[1], 'fake', { score: 1 });
  const [{ id, parts }] = await alerts();
  const rejected = await operator.post(`/api/alerts/${parts[0].id}/reject`, { reason: 'no_damage' });
  expect(rejected).toMatchObject({ status: 200, body: { state: 'rejected', mergedInto: null } });
  expect(await alerts('&state=new')).toMatchObject([{ id, camera: 'real', parts: [], count: 1 }]);
  await see(boxes[0], 'real', { score: 0.5 });
  expect(await alerts('&state=new')).toMatchObject([{ id, count: 2 }]);
});

test('what a person merged is rejected as one', async () => {
  const { boxes, operator, alerts } = await desk();
  await see(boxes[0], 'east', { positionOf: 'camera' });
  await see(boxes[1], 'west', { positionOf: 'camera' });
  const [first, second] = await alerts();
  await operator.post(`/api/alerts/${second.id}/merge`, { into: first.id });
  await operator.post(`/api/alerts/${first.id}/reject`, { reason: 'marking' });
  expect(await alerts('&state=new')).toEqual([]);
});
