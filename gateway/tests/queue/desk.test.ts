/** Desks pull what is next: each has its own, for as long as it says that it is there. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { rejectAlert } from '../../src/alerts/verdicts.ts';
import { endLeases, handNext, renew } from '../../src/queue/desk.ts';
import { WHOLE_QUEUE } from '../../src/queue/on-the-map.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { openEvents } from '../../testing/events.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';
import { testStore } from '../../testing/store.ts';
import { alertOf } from '../../testing/ticket.ts';

type Gateway = Awaited<ReturnType<typeof testGateway>>;

async function waiting(count: number) {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (let n = 0; n < count; n++) await agent.report({ camera: `camera-${n}` });
  return { gateway, agent };
}

async function desk(gateway: Gateway, name: string) {
  const operator = await gateway.operator('operator', name);
  const id = randomUUID();
  const next = async (holding: readonly string[] = []) => {
    const { body } = await operator.post('/api/desk/next', { desk: id, holding });
    return { ...body, ids: body.items.map((alert: { id: string }) => alert.id) as string[] };
  };
  return { operator, id, next };
}

test('three desks have different alerts, and judge three times as many as one', async () => {
  const { gateway } = await waiting(12);
  const desks = [await desk(gateway, 'ann'), await desk(gateway, 'bo'), await desk(gateway, 'cai')];
  const judged = new Set<string>();
  for (let round = 0; round < 4; round++)
    await Promise.all(
      desks.map(async ({ operator, next }) => {
        const [id] = (await next()).ids;
        const answer = await operator.post(`/api/alerts/${id}/reject`, { reason: 'marking' });
        expect(answer.status).toBe(200);
        judged.add(id as string);
      }),
    );
  expect(judged.size).toBe(12);
  expect(await desks[0]?.next()).toMatchObject({ items: [], waiting: 0 });
});

test('a desk has one to judge and one ahead, keeps what it has on screen, and gives back the rest', async () => {
  const { gateway } = await waiting(5);
  const [ann, bo] = [await desk(gateway, 'ann'), await desk(gateway, 'bo')];
  const first = await ann.next();
  expect(first).toMatchObject({ waiting: 5, items: [{ claimedBy: 'user:ann' }, { claimedBy: 'user:ann' }] });
  expect(Date.parse(first.leaseUntil)).toBeGreaterThan(Date.now());
  const { ids: others } = await bo.next();
  const [current, ahead] = first.ids;
  expect((await ann.next([ahead, current])).ids).toEqual([ahead, current]);
  // What is next comes again as long as nothing more urgent does.
  expect((await ann.next([ahead])).ids).toEqual([ahead, current]);
  expect(new Set([...others, ...first.ids]).size).toBe(4);
  await ann.operator.post(`/api/alerts/${ahead}/reject`, { reason: 'marking' });
  const after = await ann.next([current]);
  expect(after).toMatchObject({ waiting: 4 });
  expect(after.ids[0]).toBe(current);
  expect(others).not.toContain(after.ids[1]);
});

test('what is asked for while a verdict is on its way is not what has just been judged, and nobody else has that', async () => {
  const { gateway } = await waiting(5);
  const [ann, bo] = [await desk(gateway, 'ann'), await desk(gateway, 'bo')];
  const [current, ahead] = (await ann.next()).ids as [string, string];
  const asks = { desk: ann.id, holding: [ahead], judged: [current] };
  const { body } = await ann.operator.post('/api/desk/next', asks);
  const ids = body.items.map(({ id }: { id: string }) => id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ahead);
  expect(ids).not.toContain(current);
  expect((await bo.next()).ids).not.toContain(current);
  expect((await ann.operator.post(`/api/alerts/${current}/confirm`)).status).toBe(200);
  // Once it has its verdict, to name it does nothing.
  const again = await ann.operator.post('/api/desk/next', { ...asks, holding: ids });
  expect(again.body.items.map(({ id }: { id: string }) => id)).toEqual(ids);
});

test('what is more dangerous comes before what has waited, and what is on the screen stays', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (const damageClass of ['transverse_crack', 'longitudinal_crack', 'alligator_crack'] as const)
    await agent.report({ camera: damageClass.replace('_', '-'), damageClass });
  const { operator, next } = await desk(gateway, 'ann');
  const before = await next();
  expect(before.items.map(({ damageClass }: { damageClass: string }) => damageClass)).toEqual([
    'alligator_crack',
    'transverse_crack',
  ]);
  await agent.report({ camera: 'late', damageClass: 'pothole' });
  const { items } = await next(before.ids.slice(0, 1));
  expect(items).toMatchObject([
    { id: before.ids[0], risk: 'medium' },
    { camera: 'late', risk: 'high' },
  ]);
  const due = Date.parse(items[1].verdictDueAt) - Date.parse(items[1].createdAt);
  expect(due).toBe(5 * 60_000);
  // The one that was in reserve is free again.
  const { body } = await operator.get(`/api/alerts/${before.ids[1]}`);
  expect(body).toMatchObject({ claimedBy: null, claimUntil: null });
});

test('what another has before them nobody judges, and they are told who and until when', async () => {
  const { gateway } = await waiting(1);
  const [ann, bo] = [await desk(gateway, 'ann'), await desk(gateway, 'bo')];
  const { ids, leaseUntil } = await ann.next();
  const [id] = ids;
  for (const [verdict, body] of [
    ['confirm', {}],
    ['reject', { reason: 'marking' }],
    ['shelve', { until: '2099-01-01T00:00:00.000Z', reason: 'rain' }],
    ['claim', {}],
    ['release', {}],
  ] as const)
    expect((await bo.operator.post(`/api/alerts/${id}/${verdict}`, body)).body).toMatchObject({
      code: 'alert_held',
      held: { by: 'user:ann', until: leaseUntil },
    });
  expect((await bo.next()).ids).toEqual([]);
  expect(await bo.operator.post('/api/desk/renew', { desk: bo.id, holding: [id] })).toMatchObject({
    status: 200,
    body: { holding: [] },
  });
  // To know a desk's id is not to be it.
  const stolen = await bo.operator.post('/api/desk/next', { desk: ann.id, holding: [id] });
  expect(stolen.body.items).toEqual([]);
  expect((await ann.operator.post(`/api/alerts/${id}/confirm`)).status).toBe(200);
});

test('two tabs of one person have different alerts', async () => {
  const { gateway } = await waiting(4);
  const { operator } = await desk(gateway, 'ann');
  const pull = async () =>
    (await operator.post('/api/desk/next', { desk: randomUUID(), holding: [] })).body.items;
  const seen = [...(await pull()), ...(await pull())].map((alert: { id: string }) => alert.id);
  expect(new Set(seen).size).toBe(4);
});

test('a particular alert can be taken before its turn, and stays at the desk that took it', async () => {
  const { gateway } = await waiting(6);
  const [ann, bo] = [await desk(gateway, 'ann'), await desk(gateway, 'bo')];
  const [last] = (await ann.operator.get('/api/alerts?limit=1')).body.items;
  const claimed = await ann.operator.post(`/api/alerts/${last.id}/claim`, { desk: ann.id });
  expect(claimed.body).toMatchObject({ claimedBy: 'user:ann' });
  const { ids } = await ann.next([last.id]);
  expect(ids).toEqual([last.id, expect.any(String)]);
  for (let n = 0; n < 3; n++) expect((await bo.next()).ids).not.toContain(last.id);
  expect((await ann.next()).ids).not.toContain(last.id);
});

test('a desk that is left gives back what it had, by saying so, by logging out, and by its silence', async () => {
  const gateway = await testGateway({ alerts: { claimSeconds: 10 } });
  const agent = await gateway.agent();
  await agent.report();
  const [ann, bo] = [await desk(gateway, 'ann'), await desk(gateway, 'bo')];
  const events = await openEvents(bo.operator);
  await events.next();
  const had = async (who: typeof ann) => (await who.next()).ids.length === 1;
  expect(await had(ann)).toBe(true);
  expect(await had(bo)).toBe(false);
  const taken = (await events.next()).data;
  expect(taken).toMatchObject({ state: 'new', claimedBy: 'user:ann', claimUntil: expect.any(String) });
  expect((await ann.operator.post('/api/desk/release', { desk: ann.id })).status).toBe(204);
  expect((await events.next()).data).toMatchObject({ id: taken.id, claimedBy: null, claimUntil: null });
  expect(await had(ann)).toBe(true);
  await call(gateway.url, 'DELETE', '/api/session', { headers: ann.operator.headers });
  expect(await had(bo)).toBe(true);
  await bo.operator.post('/api/desk/release', { desk: bo.id });
});

test('what a desk no longer renews is free, also before anybody has noticed; the desk has it again if nobody wanted it', async () => {
  const { store, time } = await testStore();
  const { alerts } = testConfig();
  const id = await alertOf(store, alerts, sampleDetection());
  const deskOf = (name: string) => ({ id: name, holder: `user:${name}`, session: null });
  const [ann, bo] = [deskOf('ann'), deskOf('bo')];
  const next = async (desk: typeof ann) =>
    (await handNext(store, desk, { holding: [] }, WHOLE_QUEUE, 90_000)).ids;
  expect(await next(ann)).toEqual([id]);
  time.pass(89_999);
  expect(await next(bo)).toEqual([]);
  expect(await renew(store, ann, [id], 90_000)).toEqual({ ids: [id], leaseUntil: time.now + 90_000 });
  time.pass(90_000);
  expect(await next(bo)).toEqual([id]);
  expect((await renew(store, ann, [id], 90_000)).ids).toEqual([]);
  time.pass(90_000);
  await endLeases(store);
  expect(await store.db.selectFrom('alert_leases').selectAll().execute()).toEqual([]);
  expect((await renew(store, bo, [id], 90_000)).ids).toEqual([id]);
  await rejectAlert(store, id, { reason: 'marking' }, { name: 'user:bo', channel: 'console' });
  expect((await renew(store, bo, [id], 90_000)).ids).toEqual([]);
  expect(await next(bo)).toEqual([]);
});

test('a request of a desk that is not as it must be is refused by name', async () => {
  const { gateway } = await waiting(0);
  const { operator, id } = await desk(gateway, 'ann');
  const alert = '0198b5a0-0000-7000-8000-000000000001';
  for (const [body, field] of [
    [{ holding: [] }, 'desk'],
    [{ desk: 'mine', holding: [] }, 'desk'],
    [{ desk: id, holding: [alert, alert] }, 'holding'],
    [{ desk: id, holding: ['x'] }, 'holding'],
    [{ desk: id, holding: Array(21).fill(alert) }, 'holding'],
  ] as const)
    expect((await operator.post('/api/desk/next', body)).body).toMatchObject({
      status: 422,
      detail: expect.stringContaining(field),
    });
  expect((await operator.post('/api/desk/next', { desk: id, holding: [alert] })).body.items).toEqual([]);
});
