import { newId, sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { type Settings, testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { testStore } from '../../testing/store.ts';
import { alertOf } from '../../testing/ticket.ts';

const HOLE = { latitude: 30.2084, longitude: 120.2123 };
const metresEast = (metres: number) => ({
  ...HOLE,
  longitude: HOLE.longitude + metres / (111_195 * Math.cos((HOLE.latitude * Math.PI) / 180)),
});
const seenAt = (metres: number) => ({ position: metresEast(metres), positionOf: 'damage' as const });

async function desk(settings: Settings = {}) {
  const gateway = await testGateway(settings);
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const alerts = async (query = '') => (await operator.get(`/api/alerts?order=oldest${query}`)).body.items;
  return { gateway, agent, operator, alerts };
}

test('one hole seen by two cameras is one alert, with the better picture and everything counted', async () => {
  const { agent, alerts } = await desk();
  const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
  const still = {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: sha256(picture),
    bytes: picture.length,
    capturedAt: '2026-11-23T08:15:30.250Z',
  } as const;
  await agent.report({ camera: 'east', score: 0.6, ...seenAt(0) });
  const better = await agent.report({ camera: 'west', score: 0.9, evidence: [still], ...seenAt(5) });
  expect(await alerts()).toMatchObject([{ score: 0.6, pictureOf: 'binjiang/edge-1/east' }]);
  await agent.deliver(agent.topics.evidence('west', better.id, 'still.jpg'), picture);
  await agent.report({ camera: 'west', score: 0.7, ...seenAt(6) });
  expect(await alerts()).toMatchObject([
    {
      camera: 'east',
      count: 3,
      score: 0.9,
      pictureOf: 'binjiang/edge-1/west',
      evidence: [{ sha256: sha256(picture), available: true }],
      parts: [{ camera: 'west', count: 2, mergedBy: 'system' }],
    },
  ]);
  expect(await alerts('&state=merged')).toHaveLength(1);
});

test.each([
  ['too far away', { camera: 'west', ...seenAt(12) }],
  ['of another class', { camera: 'west', damageClass: 'alligator_crack', ...seenAt(5) }],
  [
    'elsewhere in the picture of the same camera',
    { camera: 'east', box: [0.1, 0.8, 0.1, 0.05], ...seenAt(5) },
  ],
  ['placed only where its camera hangs', { camera: 'west', position: HOLE }],
  ['without a place', { camera: 'west' }],
] as const)('what is %s stays an alert of its own', async (_name, second) => {
  const { agent, alerts } = await desk();
  await agent.report({ camera: 'east', ...seenAt(0) });
  await agent.report(second);
  expect(await alerts()).toHaveLength(2);
});

test('two holes beside each other, each seen by two cameras, are two alerts', async () => {
  const { agent, alerts } = await desk();
  const [left, right] = [[0.2, 0.6, 0.1, 0.05] as const, [0.6, 0.6, 0.1, 0.05] as const];
  await agent.report({ camera: 'east', box: left, ...seenAt(0) });
  await agent.report({ camera: 'west', box: left, ...seenAt(1) });
  await agent.report({ camera: 'west', box: right, ...seenAt(5) });
  await agent.report({ camera: 'east', box: right, ...seenAt(5) });
  expect((await alerts()).map((alert: { count: number }) => alert.count)).toEqual([2, 2]);
});

test('cameras themselves merge by their places when the configuration says so', async () => {
  const { agent, alerts } = await desk({ alerts: { mergeCameraMetres: 30 } });
  await agent.report({ camera: 'east', position: HOLE });
  await agent.report({ camera: 'west', position: metresEast(25) });
  await agent.report({ camera: 'far', position: metresEast(60) });
  expect((await alerts()).map((alert: { count: number }) => alert.count)).toEqual([2, 1]);
});

test('of many gateways that hear of one hole at once from as many cameras, one makes the alert', async () => {
  const { store } = await testStore();
  const config = testConfig();
  await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      alertOf(store, config.alerts, sampleDetection({ camera: `camera-${n}`, ...seenAt(n / 4) })),
    ),
  );
  const rows = await store.db.selectFrom('alerts').select(['id', 'root_id', 'state']).execute();
  expect(rows).toHaveLength(12);
  const roots = rows.filter((row) => row.root_id === null);
  expect(roots).toMatchObject([{ state: 'new' }]);
  expect(new Set(rows.map((row) => row.root_id ?? row.id))).toEqual(new Set([roots[0]?.id]));
});

test('an operator merges two alerts and takes it back; what came meanwhile stays with its own camera', async () => {
  const { gateway, agent, operator, alerts } = await desk();
  await agent.report({ camera: 'east' });
  await agent.report({ camera: 'west', damageClass: 'alligator_crack' });
  const [first, second] = await alerts();
  const merged = await operator.post(`/api/alerts/${second.id}/merge`, { into: first.id });
  expect(merged).toMatchObject({ status: 200, body: { state: 'merged', mergedInto: first.id } });
  await agent.report({ camera: 'west', damageClass: 'alligator_crack' });
  expect(await alerts()).toMatchObject([
    {
      id: first.id,
      count: 3,
      parts: [{ id: second.id, damageClass: 'alligator_crack', mergedBy: 'user:operator' }],
    },
  ]);
  expect((await operator.post(`/api/alerts/${second.id}/undo`)).body).toMatchObject({
    state: 'new',
    count: 2,
  });
  expect(await alerts('&state=new')).toMatchObject([
    { id: first.id, count: 1, parts: [] },
    { id: second.id, count: 2, mergedInto: null },
  ]);
  const store = await gateway.store();
  const actions = await store.db
    .selectFrom('audit_log')
    .select('action')
    .where('subject', '=', `alert:${second.id}`)
    .orderBy('seq')
    .execute();
  expect(actions.map(({ action }) => action)).toEqual(['alert.merged', 'alert.undone']);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

test('a merge that brought others along takes them back with it', async () => {
  const { agent, operator, alerts } = await desk();
  for (const camera of ['a', 'b', 'c', 'd']) await agent.report({ camera });
  const [a, b, c, d] = (await alerts()).map(({ id }: { id: string }) => id);
  for (const [part, into] of [
    [c, b],
    [d, c],
  ]) {
    const answer = await operator.post(`/api/alerts/${part}/merge`, { into });
    expect(answer.status).toBe(part === d ? 409 : 200);
  }
  await operator.post(`/api/alerts/${d}/merge`, { into: b });
  await operator.post(`/api/alerts/${b}/merge`, { into: a });
  expect(await alerts()).toMatchObject([{ id: a, count: 4 }]);
  await operator.post(`/api/alerts/${b}/undo`);
  expect(await alerts()).toMatchObject([
    { id: a, count: 1 },
    { id: b, count: 3 },
  ]);
});

test('what may be the same thing is offered, nearest first', async () => {
  const { agent, operator, alerts } = await desk();
  await agent.report({ camera: 'east', position: HOLE });
  await agent.report({ camera: 'far', position: metresEast(300) });
  await agent.report({ camera: 'near', damageClass: 'anomaly', position: metresEast(60) });
  await agent.report({ camera: 'east', box: [0.1, 0.8, 0.1, 0.05], position: HOLE });
  const [{ id }] = await alerts();
  const { items } = (await operator.get(`/api/alerts/${id}/nearby`)).body;
  expect(items).toMatchObject([
    { camera: 'east', metres: 0 },
    { camera: 'near', metres: expect.closeTo(60, 0) },
  ]);
});

test('when the whole is judged its parts are: reports at any of their places make new alerts', async () => {
  const { agent, operator, alerts } = await desk();
  await agent.report({ camera: 'east', ...seenAt(0) });
  await agent.report({ camera: 'west', ...seenAt(5) });
  const [{ id }] = await alerts();
  await operator.post(`/api/alerts/${id}/reject`, { reason: 'repaired_already' });
  await agent.report({ camera: 'west' });
  expect((await alerts('&state=new')).map((alert: { camera: string }) => alert.camera)).toEqual(['west']);
  await operator.post(`/api/alerts/${id}/undo`);
  await agent.report({ camera: 'east' });
  expect(await alerts('&state=new')).toMatchObject([
    { id, count: 3 },
    { camera: 'west', count: 1 },
  ]);
});

test('nonsense is refused with the reason, and changes nothing', async () => {
  const { gateway, agent, operator, alerts } = await desk();
  await agent.report({ camera: 'east', ...seenAt(0) });
  await agent.report({ camera: 'west', ...seenAt(700) });
  await agent.report({ camera: 'north', ...seenAt(100) });
  await agent.report({ camera: 'south', ...seenAt(200) });
  const [east, west, north, south] = await alerts();
  const merge = (id: string, into: string) => operator.post(`/api/alerts/${id}/merge`, { into });
  expect(await merge(east.id, east.id)).toMatchObject({
    status: 422,
    body: { detail: expect.stringMatching(/into itself/) },
  });
  expect(await merge(east.id, newId())).toMatchObject({
    status: 422,
    body: { detail: expect.stringMatching(/there is no alert/) },
  });
  expect(await merge(newId(), east.id)).toMatchObject({ status: 404 });
  expect(await merge(east.id, west.id)).toMatchObject({
    status: 422,
    body: { detail: expect.stringMatching(/is 700 m away; at most 500 m/) },
  });
  await operator.post(`/api/alerts/${south.id}/reject`, { reason: 'marking' });
  expect(await merge(north.id, south.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/was rejected/) },
  });
  expect(await merge(south.id, north.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/rejected already/) },
  });
  await operator.post(`/api/alerts/${north.id}/confirm`);
  expect(await merge(north.id, east.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/a ticket of its own/) },
  });
  expect((await merge(east.id, north.id)).status).toBe(200);
  const viewer = await gateway.operator('viewer');
  expect((await viewer.post(`/api/alerts/${west.id}/merge`, { into: north.id })).status).toBe(403);
  expect((await viewer.post(`/api/alerts/${east.id}/undo`)).status).toBe(403);
});
