import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import { testGateway } from '../../testing/gateway.ts';
import type { TestOperator } from '../../testing/operator.ts';

async function onlyAlert(operator: TestOperator): Promise<{ id: string; state: string }> {
  return (await operator.get('/api/alerts')).body.items[0];
}

test('one call confirms: a numbered ticket goes to the unit, and its clocks run from then', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  const confirmed = await operator.post(`/api/alerts/${id}/confirm`, { note: 'by the school' });
  expect(confirmed).toMatchObject({
    status: 200,
    body: { number: expect.stringMatching(/^RW-\d{8}-000001$/) },
  });
  const path = `/api/tickets/${confirmed.body.ticketId}`;
  const ticket = await operator.until(path, (body) => body.state === 'dispatched');
  expect(ticket).toMatchObject({
    alertId: id,
    note: 'by the school',
    unit: { id: 'road-maintenance', name: { zh: '道路养护' } },
    delivery: { state: 'sent' },
  });
  const clocks = Object.fromEntries(
    ticket.clocks.map((clock: { kind: string; startedAt: string; deadlineAt: string }) => [
      clock.kind,
      {
        from: clock.startedAt,
        minutes: (Date.parse(clock.deadlineAt) - Date.parse(clock.startedAt)) / 60_000,
      },
    ]),
  );
  expect(clocks).toEqual({
    handover: { from: ticket.createdAt, minutes: 2 },
    response: { from: ticket.dispatchedAt, minutes: 30 },
    scene_look: { from: ticket.dispatchedAt, minutes: 20 },
  });
  expect(await onlyAlert(operator)).toMatchObject({ state: 'confirmed', ticketId: ticket.id });
});

test('within the recall the verdict can be taken back, and nothing is ever sent', async () => {
  const gateway = await testGateway({ dispatch: { recallSeconds: 600 } });
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  const { ticketId } = (await operator.post(`/api/alerts/${id}/confirm`)).body;
  expect((await operator.get(`/api/tickets/${ticketId}`)).body).toMatchObject({
    state: 'filed',
    dispatchedAt: null,
    recallUntil: expect.any(String),
  });
  expect((await operator.post(`/api/alerts/${id}/undo`)).body).toMatchObject({
    state: 'new',
    ticketId: null,
  });
  const ticket = (await operator.get(`/api/tickets/${ticketId}`)).body;
  expect(ticket).toMatchObject({ state: 'cancelled', dispatchedAt: null, delivery: { state: 'cancelled' } });
  expect((await operator.post(`/api/alerts/${id}/confirm`)).body.number).toMatch(/-000002$/);
});

test('once the ticket has left, the verdict stands', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  const { ticketId } = (await operator.post(`/api/alerts/${id}/confirm`)).body;
  await operator.until(`/api/tickets/${ticketId}`, (body) => body.state === 'dispatched');
  expect(await operator.post(`/api/alerts/${id}/undo`)).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/has been dispatched; cancel the ticket/) },
  });
});

test('a gateway that stops between the click and the sending sends once when it is back', async () => {
  const gateway = await testGateway({ dispatch: { recallSeconds: 1 } });
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  const { ticketId } = (await operator.post(`/api/alerts/${id}/confirm`)).body;
  await gateway.restart();
  const back = await gateway.operator('operator', 'second');
  const ticket = await back.until(`/api/tickets/${ticketId}`, (body) => body.state === 'dispatched');
  const sent = ticket.history.filter((entry: { action: string }) => entry.action === 'ticket.dispatched');
  expect(sent).toHaveLength(1);
  const store = await gateway.store();
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

test('of ten who confirm at once one opens a ticket, and the others are told', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => operator.post(`/api/alerts/${id}/confirm`)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
  expect((await operator.get('/api/tickets')).body.items).toHaveLength(1);
});

test('a claim keeps others away until it is given back', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const [ann, bo] = [await gateway.operator('operator', 'ann'), await gateway.operator('operator', 'bo')];
  const { id } = await onlyAlert(ann);
  expect((await ann.post(`/api/alerts/${id}/claim`)).body).toMatchObject({ claimedBy: 'user:ann' });
  expect(await bo.post(`/api/alerts/${id}/reject`, { reason: 'marking' })).toMatchObject({
    status: 409,
    body: { code: 'alert_held', held: { by: 'user:ann', until: expect.any(String) } },
  });
  await ann.post(`/api/alerts/${id}/release`);
  expect((await bo.post(`/api/alerts/${id}/reject`, { reason: 'marking' })).status).toBe(200);
});

test('a rejection needs a known reason, can be undone, and then finds further detections again', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  expect((await operator.post(`/api/alerts/${id}/reject`, { reason: 'because' })).status).toBe(422);
  expect((await operator.post(`/api/alerts/${id}/reject`, {})).status).toBe(422);
  const rejected = await operator.post(`/api/alerts/${id}/reject`, { reason: 'shadow_or_water' });
  expect(rejected.body).toMatchObject({ state: 'rejected', reason: 'shadow_or_water' });
  await operator.post(`/api/alerts/${id}/undo`);
  await agent.report();
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items).toMatchObject([{ id, state: 'new', count: 2 }]);
});

test('what was rejected and is reported anew is a new alert', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  await operator.post(`/api/alerts/${id}/reject`, { reason: 'marking' });
  await agent.report();
  const states = (await operator.get('/api/alerts')).body.items.map(
    (alert: { state: string }) => alert.state,
  );
  expect(states).toEqual(['new', 'rejected']);
});

test('a shelved alert leaves the queue and comes back by itself', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const { id } = await onlyAlert(operator);
  const past = { until: '2020-01-01T00:00:00.000Z', reason: 'works planned' };
  expect((await operator.post(`/api/alerts/${id}/shelve`, past)).status).toBe(422);
  const until = new Date(Date.now() + 1000).toISOString();
  await operator.post(`/api/alerts/${id}/shelve`, { until, reason: 'works planned' });
  expect((await operator.get('/api/alerts?state=new')).body.items).toEqual([]);
  await operator.until('/api/alerts?state=new', (body) => body.items.length === 1);
});

test('pages follow each other without a gap while alerts come in', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const report = (n: number) => agent.report({ camera: `camera-${n}` });
  for (let n = 0; n < 7; n++) await report(n);
  const operator = await gateway.operator();
  const seen: string[] = [];
  let path: string | null = '/api/alerts?limit=3';
  while (path !== null) {
    const { items, next } = (await operator.get(path)).body as { items: { camera: string }[]; next: string };
    seen.push(...items.map((alert) => alert.camera));
    await report(100 + seen.length);
    path = next === null ? null : `/api/alerts?limit=3&after=${next}`;
  }
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `camera-${n}`));
});

test('what was on the screen is rejected at once, but for what has changed or is with somebody else', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (let n = 0; n < 4; n++) await agent.report({ camera: `camera-${n}` });
  const [ann, bo] = [await gateway.operator('operator', 'ann'), await gateway.operator('operator', 'bo')];
  const { items } = (await ann.get('/api/alerts?order=queue')).body;
  const seen = items.map(({ id, version }: { id: string; version: number }) => ({ id, version }));
  const ids = seen.map(({ id }: { id: string }) => id);
  await bo.post(`/api/alerts/${ids[0]}/claim`);
  await bo.post(`/api/alerts/${ids[1]}/reject`, { reason: 'marking' });
  await bo.post(`/api/alerts/${ids[1]}/undo`);
  const wanted = { alerts: seen.toReversed(), reason: 'shadow_or_water' };
  const { body } = await ann.post('/api/alerts/reject', wanted);
  expect(body.items).toMatchObject([
    { id: ids[3], rejected: true, code: null },
    { id: ids[2], rejected: true, code: null },
    { id: ids[1], rejected: false, code: 'alert_changed' },
    { id: ids[0], rejected: false, code: 'alert_held' },
  ]);
  expect((await ann.get('/api/alerts?state=rejected')).body.items).toHaveLength(2);
  expect((await ann.post('/api/alerts/reject', { ...wanted, alerts: [] })).status).toBe(422);
  // And taken back at once, but for what has no verdict.
  const undone = await ann.post('/api/alerts/undo', { ids: [ids[3], ids[1], ids[2]] });
  expect(undone.body.items).toMatchObject([
    { id: ids[3], undone: true, code: null },
    { id: ids[1], undone: false, code: expect.any(String) },
    { id: ids[2], undone: true },
  ]);
  expect((await ann.get('/api/alerts?state=new')).body.total).toBe(4);
  expect((await ann.post('/api/alerts/undo', { ids: [] })).status).toBe(422);
});

test('what was merged is taken out again, waits, and the audit says so', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (let n = 0; n < 2; n++) await agent.report({ camera: `camera-${n}` });
  const operator = await gateway.operator();
  const [part, root] = (await operator.get('/api/alerts?order=queue')).body.items;
  expect((await operator.post(`/api/alerts/${part.id}/unmerge`)).body.code).toBe('alert_judged');
  await operator.post(`/api/alerts/${part.id}/merge`, { into: root.id });
  expect((await operator.post(`/api/alerts/${part.id}/unmerge`)).body).toMatchObject({
    state: 'new',
    mergedInto: null,
  });
  expect((await operator.get('/api/alerts?state=new')).body).toMatchObject({ total: 2 });
  const store = await gateway.store();
  const entry = store.db.selectFrom('audit_log').select('subject').where('action', '=', 'alert.unmerged');
  expect(await entry.execute()).toHaveLength(1);
});
