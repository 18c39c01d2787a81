import type { Role } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { markSeen, noticesFor } from '../../src/clocks/notices.ts';
import { deliverDue } from '../../src/dispatch/delivery.ts';
import type { User } from '../../src/identity/users.ts';
import { saveUnits } from '../../src/orders/units.ts';
import { findTicket, ticketHistory } from '../../src/tickets/view.ts';
import { commandTicket } from '../../src/workflow/commands.ts';
import { confirmAlert } from '../../src/workflow/confirm.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { TestBureau } from '../../testing/bureau.ts';
import { testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { TestTime, testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;
const UNIT = person('unit', 'road-maintenance');

async function running(clocks: object = {}) {
  const { store, time } = await testStore(new TestTime());
  const { id, config } = await dispatchedTicket(store, { clocks: { sceneLookMinutes: 1000, ...clocks } });
  const after = async (minutes: number) => {
    time.pass(minutes * MINUTE);
    await fireDueClocks(store, config, QUIET);
  };
  const told = async (user: User) =>
    (await noticesFor(store.db, user)).map(({ clock, percent }) => `${clock} ${percent}`);
  return { store, time, id, config, after, told };
}

test('the ladder tells more people the longer nobody accepts, each of the last step only', async () => {
  const { after, told } = await running();
  const all = async () =>
    Promise.all([UNIT, person('operator'), person('shift_lead'), person('admin')].map(told));
  await after(14);
  expect(await all()).toEqual([[], [], [], []]);
  await after(1);
  expect(await all()).toEqual([['response 50'], [], [], []]);
  await after(9);
  expect(await all()).toEqual([['response 80'], ['response 80'], [], []]);
  await after(6);
  expect(await all()).toEqual([['response 100'], ['response 100'], ['response 100'], []]);
  await after(15);
  expect(await all()).toEqual([['response 150'], ['response 100'], ['response 150'], ['response 150']]);
  expect(await told(person('unit', 'another'))).toEqual([]);
});

test('accepting ends what was told, and a gateway that was away tells the last step once, with its true instant', async () => {
  const { store, time, id, config, after, told } = await running();
  const start = time.now;
  await after(40);
  await after(0);
  const [notice] = await noticesFor(store.db, person('shift_lead'));
  expect(notice).toMatchObject({
    percent: 100,
    at: new Date(start + 30 * MINUTE).toISOString(),
    ticketId: id,
  });
  expect(await store.db.selectFrom('notices').selectAll().execute()).toHaveLength(3);
  const history = await ticketHistory(store.db, id);
  expect(history.filter(({ action }) => action === 'ticket.escalated')).toMatchObject([
    { detail: { clock: 'response', percent: 100, told: ['unit', 'operator', 'shift_lead'] } },
  ]);
  await commandTicket(store, config, id, { command: 'accept' }, UNIT, ACTOR);
  expect(await told(person('shift_lead'))).toEqual([]);
  await after(600);
  expect(await told(person('shift_lead'))).toEqual([]);
});

test('to have seen it silences that step for the role, never the clock', async () => {
  const { store, after, told } = await running();
  await after(24);
  const [notice] = await noticesFor(store.db, UNIT);
  await markSeen(store, notice?.id as string, UNIT, { name: 'user:ann', channel: 'console' });
  expect([await told(UNIT), await told(person('operator'))]).toEqual([[], ['response 80']]);
  await expect(markSeen(store, notice?.id as string, UNIT, ACTOR)).rejects.toThrow(
    'user:ann has seen it already',
  );
  await after(6);
  expect(await told(UNIT)).toEqual(['response 100']);
});

test.each<[Role, string | null]>([
  ['operator', null],
  ['unit', 'another'],
])('a notice is not for %s %s', async (role, unitId) => {
  const { store, after } = await running();
  await after(15);
  const [notice] = await noticesFor(store.db, UNIT);
  await expect(markSeen(store, notice?.id as string, person(role, unitId), ACTOR)).rejects.toThrow('for you');
});

test('who is told is configured, step by step', async () => {
  const { after, told } = await running({ escalation: { deadline: { '50': [], '80': ['admin'] } } });
  await after(15);
  expect(await told(UNIT)).toEqual([]);
  await after(9);
  expect([await told(UNIT), await told(person('admin'))]).toEqual([[], ['response 80']]);
  await after(6);
  expect(await told(UNIT)).toEqual(['response 100']);
});

test('people read their notices and say that they have seen them', async () => {
  const gateway = await testGateway({ clocks: { responseMinutes: 0.01 } });
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const path = await operator.dispatch();
  const { items } = await operator.until('/api/notices', (body) => body.items.length === 1);
  const ticketId = path.split('/').at(-1);
  expect(items).toMatchObject([{ clock: 'response', ticketId, number: expect.stringMatching(/^RW-/) }]);
  const viewer = await gateway.operator('viewer');
  expect((await viewer.get('/api/notices')).body.items).toEqual([]);
  expect((await viewer.post(`/api/notices/${items[0].id}/seen`)).status).toBe(404);
  expect((await operator.post(`/api/notices/${items[0].id}/seen`)).status).toBe(204);
});

test('a system of the unit is reminded of what is so when it is sent, and not of what is over', async () => {
  const bureau = await TestBureau.start();
  const { store, time } = await testStore(new TestTime());
  const config = testConfig({ units: [bureau.unit] });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const { id } = await confirmAlert(
    store,
    config,
    await alertOf(store, config.alerts, sampleDetection()),
    {},
    ACTOR,
  );
  const deliver = () => deliverDue(store, config, QUIET, new AbortController().signal);
  await deliver();
  const deadlineAt = new Date(time.now + 30 * MINUTE).toISOString();
  time.pass(15 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  await deliver();
  expect(bureau.orders.at(-1)).toMatchObject({
    genuine: true,
    body: {
      type: 'ticket.reminder',
      data: {
        ticket: {
          id,
          state: 'dispatched',
          clocks: [{ kind: 'response', deadlineAt }],
        },
      },
    },
  });
  time.pass(9 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  await commandTicket(store, config, id, { command: 'accept' }, person('unit', 'bureau'), ACTOR);
  await deliver();
  expect(bureau.orders.map(({ body }) => body.type)).toEqual(['ticket.dispatched', 'ticket.reminder']);
  const ticket = await findTicket(store.db, id, person('operator'));
  expect(ticket).toMatchObject({ state: 'accepted', delivery: { state: 'sent' } });
});
