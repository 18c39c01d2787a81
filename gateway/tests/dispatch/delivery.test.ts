import type { Role } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import { noticesFor } from '../../src/clocks/notices.ts';
import { deliverDue } from '../../src/dispatch/delivery.ts';
import { orderFigures } from '../../src/dispatch/figures.ts';
import { nextWaitMs } from '../../src/dispatch/retry.ts';
import { checkSignature, sign } from '../../src/dispatch/webhook/webhook.ts';
import { retryOrder } from '../../src/orders/outbox.ts';
import { saveUnits } from '../../src/orders/units.ts';
import type { Store } from '../../src/store/database.ts';
import { commandTicket } from '../../src/workflow/commands.ts';
import { confirmAlert, undoVerdict } from '../../src/workflow/confirm.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { SECRET, TestBureau } from '../../testing/bureau.ts';
import { testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;

async function confirmed(bureau: TestBureau) {
  const { store, time } = await testStore();
  const config = testConfig({ units: [bureau.unit] });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const alert = await alertOf(store, config.alerts, sampleDetection());
  const { id } = await confirmAlert(store, config, alert, { note: 'deep' }, ACTOR);
  const stopping = new AbortController();
  const deliver = () => deliverDue(store, config, QUIET, stopping.signal);
  return { store, time, config, alert, id, deliver, stopping };
}

async function ticketState(store: Store, id: string) {
  const ticket = await store.db
    .selectFrom('tickets')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return ticket.state;
}

async function dispatchOrder(store: Store) {
  return store.db.selectFrom('dispatch_outbox').selectAll().orderBy('id').executeTakeFirstOrThrow();
}

test('the unit is told what, where and by when, signed; its time runs from then', async () => {
  const bureau = await TestBureau.start();
  const { store, time, id, deliver } = await confirmed(bureau);
  await deliver();
  expect(bureau.orders).toMatchObject([
    {
      genuine: true,
      body: {
        type: 'ticket.dispatched',
        data: {
          unit: 'bureau',
          ticket: {
            id,
            damageClass: 'pothole',
            code: 'D40',
            title: { en: 'Pothole', zh: '坑槽' },
            note: 'deep',
            respondBy: new Date(time.now + 30 * MINUTE).toISOString(),
          },
        },
      },
    },
  ]);
  expect(await ticketState(store, id)).toBe('dispatched');
  expect(await deliver()).toBe(0);
});

test('a system that fails gets the same order again later, under the same id', async () => {
  const bureau = await TestBureau.start();
  const { store, time, id, deliver } = await confirmed(bureau);
  bureau.answer = { status: 503, body: 'maintenance' };
  await deliver();
  expect(await dispatchOrder(store)).toMatchObject({
    state: 'pending',
    attempts: 1,
    last_error: '503 maintenance',
  });
  expect(await ticketState(store, id)).toBe('filed');
  expect(await deliver()).toBe(0);
  bureau.answer = { status: 200 };
  time.pass(nextWaitMs(1) as number);
  await deliver();
  expect(new Set(bureau.orders.map((order) => order.id)).size).toBe(1);
  expect(await ticketState(store, id)).toBe('dispatched');
});

const DATE = 'Mon, 23 Nov 2026 08:00:00 GMT';

test.each([
  ['in seconds', '300', 300_000],
  ['until an instant by its own clock', 'Mon, 23 Nov 2026 08:05:00 GMT', 300_000],
  ['for longer than is waited at most', '86400', 60 * MINUTE],
  ['until a year that a clock gone wrong has', 'Mon, 23 Nov 2096 08:05:00 GMT', 60 * MINUTE],
  ['in words', 'soon', 2_000],
])('a system that asks for time gets it, within bounds: %s', async (_name, value, wait) => {
  const bureau = await TestBureau.start();
  const { store, time, deliver } = await confirmed(bureau);
  bureau.answer = { status: 429, headers: { 'retry-after': value, date: DATE } };
  await deliver();
  expect((await dispatchOrder(store)).next_attempt_at).toBe(time.now + wait);
});

test.each([308, 404])(
  'an answer %i may change: the order is tried again, and arrives once it has',
  async (status) => {
    const bureau = await TestBureau.start();
    const { store, time, id, deliver } = await confirmed(bureau);
    bureau.answer = { status, headers: { location: 'http://127.0.0.1:1/elsewhere?key=1' } };
    await deliver();
    const { state, last_error } = await dispatchOrder(store);
    expect([state, last_error]).toEqual(['pending', expect.stringMatching(`^${status}`)]);
    expect(last_error).not.toContain('key');
    bureau.answer = { status: 204 };
    time.pass(nextWaitMs(1) as number);
    await deliver();
    expect(await ticketState(store, id)).toBe('dispatched');
  },
);

test.each([400, 415, 422])(
  'an answer %i judges the order itself: the unit has the ticket on the desk at once, people are told, and it can be sent again',
  async (status) => {
    const bureau = await TestBureau.start();
    const { store, config, id, deliver } = await confirmed(bureau);
    bureau.answer = { status, body: 'unknown class' };
    await deliver();
    const order = await dispatchOrder(store);
    expect(order).toMatchObject({ state: 'dead', last_error: `${status} unknown class` });
    expect(await ticketState(store, id)).toBe('dispatched');
    const told = async (role: Role) => noticesFor(store.db, person(role, 'bureau'));
    for (const role of ['operator', 'shift_lead', 'unit'] as const)
      expect(await told(role)).toMatchObject([
        { kind: 'undelivered', clock: null, ticketId: id, reason: `${status} unknown class` },
      ]);
    expect(await orderFigures(store.db)).toEqual({ waiting: 0, overdue: 0, dead: 1 });
    await fireDueClocks(store, config, QUIET);
    bureau.answer = { status: 201 };
    await store.transaction((tx) => retryOrder(tx, order.id));
    await deliver();
    expect(await dispatchOrder(store)).toMatchObject({ state: 'sent' });
    expect(await told('operator')).toEqual([]);
    expect(await orderFigures(store.db)).toEqual({ waiting: 0, overdue: 0, dead: 0 });
  },
);

test('a system that is never there: the order is tried for days, then dead', async () => {
  const bureau = await TestBureau.start();
  const { store, time, deliver } = await confirmed(bureau);
  bureau.answer = { status: 500 };
  const begin = time.now;
  for (
    let order = await dispatchOrder(store);
    order.state === 'pending';
    order = await dispatchOrder(store)
  ) {
    time.now = order.next_attempt_at;
    await deliver();
  }
  expect(bureau.orders).toHaveLength(18);
  expect((time.now - begin) / (24 * 60 * MINUTE)).toBeGreaterThan(1);
});

test('a gateway that dies before it has noted the answer sends again under the same id, once the lease is over', async () => {
  const bureau = await TestBureau.start();
  const { store, time, config, id, deliver, stopping } = await confirmed(bureau);
  bureau.answer = null;
  const first = deliver();
  await bureau.received(1);
  stopping.abort();
  await first;
  expect(await ticketState(store, id)).toBe('filed');
  bureau.answer = { status: 200 };
  const later = () => deliverDue(store, config, QUIET, new AbortController().signal);
  expect(await later()).toBe(0);
  time.pass(MINUTE);
  await later();
  expect(bureau.orders.map((order) => order.id)).toEqual([bureau.orders[0]?.id, bureau.orders[0]?.id]);
  expect(await ticketState(store, id)).toBe('dispatched');
});

test('a ticket that is cancelled after it was sent is recalled; one that never left is not mentioned', async () => {
  const bureau = await TestBureau.start();
  const sent = await confirmed(bureau);
  await sent.deliver();
  const cancel = { command: 'cancel', reason: 'twice' } as const;
  await commandTicket(sent.store, sent.config, sent.id, cancel, person('operator'), ACTOR);
  await sent.deliver();
  expect(bureau.orders.map(({ body }) => body.type)).toEqual(['ticket.dispatched', 'ticket.recalled']);
  expect(bureau.orders[1]?.body.data.assignment).toBe(bureau.orders[0]?.body.data.assignment);
  const kept = await confirmed(bureau);
  await undoVerdict(kept.store, kept.config, kept.alert, ACTOR);
  await kept.deliver();
  expect(bureau.orders).toHaveLength(2);
});

test('a repair that did not hold is told with the reason, unless the unit has begun again meanwhile', async () => {
  const bureau = await TestBureau.start();
  const { store, config, id, deliver } = await confirmed(bureau);
  await deliver();
  const move = (command: 'arrive' | 'repair' | 'rework' | 'accept', reason = '') =>
    commandTicket(store, config, id, { command, reason }, person('operator'), ACTOR);
  await move('arrive');
  await move('repair');
  await move('rework', 'still there');
  await deliver();
  expect(bureau.orders.at(-1)?.body).toMatchObject({
    type: 'ticket.rework',
    data: { reason: 'still there', ticket: { id, state: 'rework' } },
  });
  await move('arrive');
  await move('repair');
  await move('rework', 'again');
  await move('accept');
  expect(await deliver()).toBe(0);
  expect(bureau.orders).toHaveLength(2);
});

test('a bureau that hangs holds up neither the desk nor the end of the gateway', async () => {
  const bureau = await TestBureau.start();
  bureau.answer = null;
  const desk = { id: 'desk', name: { en: 'Desk', zh: '工单台' } };
  const gateway = await testGateway({ units: [bureau.unit, desk] });
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  for (const camera of ['a', 'b']) await agent.report({ camera });
  const { items } = (await operator.get('/api/alerts')).body;
  await operator.post(`/api/alerts/${items[0].id}/confirm`);
  await bureau.received(1);
  const { ticketId } = (await operator.post(`/api/alerts/${items[1].id}/confirm`, { unitId: 'desk' })).body;
  await operator.until(`/api/tickets/${ticketId}`, (ticket) => ticket.state === 'dispatched');
  await gateway.stop();
});

describe('a signature', () => {
  const now = 1_700_000_000_000;
  const call = {
    id: 'msg_1',
    timestampS: now / 1000,
    body: '{}',
    signatures: sign(SECRET, 'msg_1', now / 1000, '{}'),
  };
  test('is what openssl computes, and may stand beside one of an older secret', () => {
    // printf 'msg_1.1700000000.{}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf %s "${SECRET#whsec_}" | base64 -d | xxd -p) -binary | base64
    expect(call.signatures).toBe('v1,x5lVgj0b/JJJaUYaa1+6I5J/EECcryrPlFN4VrkmI94=');
    expect(checkSignature(SECRET, { ...call, signatures: `v1,AAAA ${call.signatures}` }, now)).toBeNull();
  });
  test.each([
    ['another body', { body: '{"a":1}' }],
    ['another id', { id: 'msg_2' }],
    ['an old call', { timestampS: now / 1000 - 301 }],
    ['no time', { timestampS: Number.NaN }],
    ['none', { signatures: '' }],
  ])('is refused with %s', (_name, change) => {
    expect(checkSignature(SECRET, { ...call, ...change }, now)).toMatch(/^webhook-/);
  });
});
