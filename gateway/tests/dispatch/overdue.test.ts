import type { Role } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { noticesFor } from '../../src/clocks/notices.ts';
import { deliverDue } from '../../src/dispatch/delivery.ts';
import { dispatchDue } from '../../src/dispatch/desk.ts';
import { noteOverdue } from '../../src/dispatch/overdue.ts';
import { saveUnits } from '../../src/orders/units.ts';
import { findTicket, ticketHistory } from '../../src/tickets/view.ts';
import { commandTicket } from '../../src/workflow/commands.ts';
import { confirmAlert } from '../../src/workflow/confirm.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { TestBureau } from '../../testing/bureau.ts';
import { testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;

async function confirmed(settings: Parameters<typeof testConfig>[0] = {}) {
  const bureau = await TestBureau.start();
  const { store, time } = await testStore();
  const config = testConfig({ units: [bureau.unit], dispatch: { recallSeconds: 5 }, ...settings });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const alert = await alertOf(store, config.alerts, sampleDetection());
  const { id } = await confirmAlert(store, config, alert, {}, ACTOR);
  /** What the gateway does by itself, once each so many seconds until then. */
  const pass = async (minutes: number) => {
    for (const end = time.now + minutes * MINUTE; time.now < end; ) {
      time.pass(Math.min(5_000, end - time.now));
      await deliverDue(store, config, QUIET, new AbortController().signal);
      await noteOverdue(store, config, QUIET);
      await fireDueClocks(store, config, QUIET);
    }
  };
  const ticket = async () => {
    const view = await findTicket(store.db, id, person('operator'));
    if (view === null) throw new Error('no ticket');
    return view;
  };
  const clock = async (kind: string) => (await ticket()).clocks.find((entry) => entry.kind === kind);
  const told = async (role: Role) =>
    (await noticesFor(store.db, person(role, 'bureau'))).map(({ kind, percent }) => `${kind} ${percent}`);
  const give = (command: 'accept' | 'arrive' | 'repair' | 'rework' | 'cancel') =>
    commandTicket(store, config, id, { command, reason: 'loose' }, person('operator'), ACTOR);
  return { bureau, store, time, id, config, pass, ticket, clock, told, give };
}

test('from the confirmation a clock runs until the unit has the ticket, and its steps tell people', async () => {
  const { bureau, time, pass, ticket, clock, told } = await confirmed();
  const start = time.now;
  bureau.answer = { status: 500 };
  expect(await clock('handover')).toMatchObject({
    state: 'running',
    startedAt: new Date(start).toISOString(),
    deadlineAt: new Date(start + 2 * MINUTE + 5_000).toISOString(),
  });
  await pass(1.1);
  expect((await ticket()).state).toBe('filed');
  expect(await told('operator')).toEqual(['handover 50']);
  bureau.answer = { status: 204 };
  await pass(0.85);
  expect(await ticket()).toMatchObject({ state: 'dispatched', delivery: { state: 'sent' } });
  expect(await clock('handover')).toMatchObject({ state: 'met', breachedAt: null });
  expect(await clock('response')).toMatchObject({ state: 'running' });
  expect(await told('operator')).toEqual([]);
});

test('a unit whose system is down has the ticket on the desk when the time to hand it over is up: its own time runs, and the order is tried on', async () => {
  const { bureau, store, time, id, pass, ticket, clock, told, give } = await confirmed();
  const deadline = time.now + 2 * MINUTE + 5_000;
  bureau.answer = { status: 500, body: 'out of order' };
  await pass(3);
  expect(await ticket()).toMatchObject({
    state: 'dispatched',
    dispatchedAt: new Date(deadline).toISOString(),
    delivery: { state: 'pending', error: '500 out of order', overdueAt: new Date(deadline).toISOString() },
  });
  expect(await clock('response')).toMatchObject({
    state: 'running',
    deadlineAt: new Date(deadline + 30 * MINUTE).toISOString(),
  });
  for (const role of ['operator', 'shift_lead', 'unit'] as const)
    expect(await told(role)).toEqual(['undelivered 0']);
  expect((await ticketHistory(store.db, id)).map(({ action }) => action)).toContain('ticket.fell_back');
  await give('accept');
  expect(await told('operator')).toEqual([]);
  bureau.answer = { status: 204 };
  await pass(10);
  expect((await ticket()).delivery).toMatchObject({ state: 'sent' });
  const order = bureau.orders.at(-1)?.body.data.ticket;
  expect(order).toMatchObject({ state: 'accepted' });
});

test('an order that comes late says by when the unit was to respond all along', async () => {
  const { bureau, time, pass } = await confirmed();
  const deadline = time.now + 2 * MINUTE + 5_000 + 30 * MINUTE;
  bureau.answer = { status: 500 };
  await pass(12);
  bureau.answer = { status: 204 };
  await pass(10);
  expect(bureau.orders.at(-1)?.body.data.ticket.respondBy).toBe(new Date(deadline).toISOString());
});

test('handing over never takes longer than responding would', async () => {
  const { time, clock } = await confirmed({ clocks: { responseMinutes: 1 }, dispatch: { recallSeconds: 0 } });
  expect(await clock('handover')).toMatchObject({ deadlineAt: new Date(time.now + MINUTE).toISOString() });
});

test.each(['rework', 'cancel'] as const)(
  'that an order to %s does not reach the unit is told, too',
  async (command) => {
    const { bureau, pass, told, give, ticket } = await confirmed();
    await pass(1);
    for (const step of ['arrive', 'repair'] as const) if (command === 'rework') await give(step);
    bureau.answer = { status: 503 };
    await give(command);
    await pass(1);
    expect(await told('shift_lead')).toEqual([]);
    await pass(2);
    expect(await told('shift_lead')).toEqual(['undelivered 0']);
    expect((await ticket()).delivery).toMatchObject({ state: 'pending', error: '503' });
  },
);

test('a ticket that is sent to another unit after it was accepted has all its clocks anew', async () => {
  const { bureau, store, id, config, pass, clock, give } = await confirmed();
  await pass(1);
  await give('accept');
  const lead = person('shift_lead');
  await commandTicket(store, config, id, { command: 'return', reason: 'not ours' }, lead, ACTOR);
  await commandTicket(store, config, id, { command: 'reassign', unitId: 'bureau' }, lead, ACTOR);
  expect(await clock('handover')).toMatchObject({ state: 'running' });
  await pass(1);
  expect(bureau.orders).toHaveLength(2);
  expect(await clock('handover')).toMatchObject({ state: 'met' });
  expect(await clock('response')).toMatchObject({ state: 'running' });
});

test('a unit of the desk finds its order there after a long stop of the gateway, and nobody is told that it was not delivered', async () => {
  const unit = { id: 'bureau', name: { en: 'Road bureau', zh: '路政' } };
  const { store, time, id, config, ticket, told } = await confirmed({ units: [unit] });
  time.pass(60 * MINUTE);
  expect(await noteOverdue(store, config, QUIET)).toBe(0);
  expect([(await ticket()).state, await told('operator')]).toEqual(['filed', []]);
  await dispatchDue(store, config, QUIET);
  expect((await ticket()).state).toBe('dispatched');
  const actions = (await ticketHistory(store.db, id)).map(({ action }) => action);
  expect(actions).not.toContain('ticket.fell_back');
});

test('the monitoring hears of what does not arrive, and the gateway serves on', async () => {
  const bureau = await TestBureau.start();
  const gateway = await testGateway({ units: [bureau.unit], clocks: { handoverMinutes: 0.02 } });
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  bureau.answer = { status: 404 };
  const path = await operator.dispatch();
  expect((await operator.get(path)).body.delivery).toMatchObject({ state: 'pending', error: '404' });
  await operator.until('/api/notices', ({ items }) =>
    items.some((notice: { kind: string }) => notice.kind === 'undelivered'),
  );
  expect(await call(gateway.url, 'GET', '/healthz')).toMatchObject({
    status: 200,
    body: { status: 'degraded', dispatches: { waiting: 1, overdue: 1, dead: 0 } },
  });
  const { body } = await call(gateway.url, 'GET', '/metrics');
  expect(body).toMatch(/^roadwatch_open\{what="dispatches"\} 1$/m);
  expect(body).toMatch(/^roadwatch_open\{what="dispatches_overdue"\} 1$/m);
  expect(body).toMatch(/^roadwatch_open\{what="dispatches_dead"\} 0$/m);
});
