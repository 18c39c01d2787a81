import { expect, test } from 'vitest';
import { sampleDetection } from '../../../testing/agent.ts';
import { testConfig } from '../../../testing/config.ts';
import { TestCity } from '../../../testing/open311-bureau.ts';
import { testStore } from '../../../testing/store.ts';
import { ACTOR, alertOf, person, QUIET } from '../../../testing/ticket.ts';
import { retryOrder } from '../../orders/outbox.ts';
import { saveUnits } from '../../orders/units.ts';
import type { Store } from '../../store/database.ts';
import { ticketHistory } from '../../tickets/view.ts';
import { commandTicket } from '../../workflow/commands.ts';
import { confirmAlert } from '../../workflow/confirm.ts';
import { deliverDue } from '../delivery.ts';
import { nextWaitMs } from '../retry.ts';
import { askForStatus } from './status.ts';

const POSITION = { latitude: 30.2084, longitude: 120.2119 };

async function confirmed(
  city: TestCity,
  detection: Parameters<typeof sampleDetection>[0] = { position: POSITION },
) {
  const { store, time } = await testStore();
  const config = testConfig({
    units: [city.unit],
    http: { port: 0, publicUrl: 'https://roadwatch.example' },
  });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const alert = await alertOf(store, config.alerts, sampleDetection(detection));
  const { id, number } = await confirmAlert(store, config, alert, { note: 'deep' }, ACTOR);
  const stopping = new AbortController();
  const deliver = () => deliverDue(store, config, QUIET, stopping.signal);
  const ask = () => askForStatus(store, config, QUIET, stopping.signal);
  const again = async (attempt: number) => {
    time.pass(nextWaitMs(attempt) as number);
    await deliver();
  };
  const askLater = async () => {
    time.pass(60_000);
    return ask();
  };
  const command = (name: 'cancel' | 'close' | 'rework', reason: string) =>
    commandTicket(
      store,
      config,
      id,
      { command: name, reason, ...(name === 'close' ? { outcome: 'repaired' as const } : {}) },
      person('operator'),
      ACTOR,
    );
  return { store, time, config, id, number, deliver, ask, again, askLater, command, stopping };
}

async function ticketState(store: Store, id: string) {
  const row = store.db.selectFrom('tickets').select('state').where('id', '=', id);
  return (await row.executeTakeFirstOrThrow()).state;
}

async function lastOrder(store: Store) {
  return store.db.selectFrom('dispatch_outbox').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow();
}

test('the ticket becomes a request with the code of the city, its place and its number', async () => {
  const city = await TestCity.start();
  const { store, id, number, deliver } = await confirmed(city);
  await deliver();
  expect(city.requests).toMatchObject([
    {
      form: {
        api_key: 'key of the city',
        jurisdiction_id: 'city.example',
        service_code: '0401',
        lat: '30.2084',
        long: '120.2119',
        description: expect.stringMatching(
          new RegExp(`^${number} Pothole \\(坑槽\\)\ndeep\n[^]*https://roadwatch.example/tickets/${id}$`),
        ),
      },
    },
  ]);
  expect(await ticketState(store, id)).toBe('dispatched');
  expect(await deliver()).toBe(0);
});

test('without a position it says in words where it is', async () => {
  const city = await TestCity.start();
  const { deliver, number } = await confirmed(city, {});
  await deliver();
  expect(city.requests[0]?.form).toMatchObject({ address_string: number });
  expect(city.requests[0]?.form).not.toHaveProperty('lat');
});

test('an answer that was lost makes no second request: the city is asked first whether it has the ticket', async () => {
  const city = await TestCity.start();
  const { store, id, deliver, again } = await confirmed(city);
  city.postTroubles.push('lost');
  await deliver();
  expect(await ticketState(store, id)).toBe('filed');
  // Nor does it send while it cannot ask.
  city.getTroubles.push({ status: 503 });
  await again(1);
  expect(await ticketState(store, id)).toBe('filed');
  await again(2);
  expect(await ticketState(store, id)).toBe('dispatched');
  expect(city.requests).toHaveLength(1);
});

test('a gateway that dies before it has noted the answer finds its request again', async () => {
  const city = await TestCity.start();
  const { store, time, config, id, deliver, stopping } = await confirmed(city);
  city.postTroubles.push('lost');
  const first = deliver();
  while (city.requests.length === 0) await new Promise(setImmediate);
  stopping.abort();
  await first;
  time.pass(60_000);
  await deliverDue(store, config, QUIET, new AbortController().signal);
  expect(await ticketState(store, id)).toBe('dispatched');
  expect(city.requests).toHaveLength(1);
});

test('a city that fails gets the ticket later; one that lists nothing gets it all the same', async () => {
  const city = await TestCity.start();
  const { store, id, deliver, again } = await confirmed(city);
  city.postTroubles.push({ status: 503, body: 'maintenance' });
  await deliver();
  expect(await lastOrder(store)).toMatchObject({ state: 'pending', last_error: '503 maintenance' });
  city.getTroubles.push({ status: 404 });
  await again(1);
  expect(await ticketState(store, id)).toBe('dispatched');
  expect(city.requests).toHaveLength(1);
  expect(city.requests[0]?.headers['idempotency-key']).toBe((await lastOrder(store)).id);
});

test.each([
  [
    'does not know the service',
    { status: 400, body: '[{"code":400,"description":"service"}]' },
    /^400 .*serv/,
  ],
  ['answers something else', { status: 200, body: '<html>' }, /neither a service_request_id nor a token/],
])(
  'a city that %s: the unit has it on the desk, the order is dead and shown, and goes out by hand',
  async (_name, trouble, error) => {
    const city = await TestCity.start();
    const { store, id, deliver } = await confirmed(city);
    city.postTroubles.push(trouble);
    await deliver();
    const order = await lastOrder(store);
    expect(order).toMatchObject({ state: 'dead', last_error: expect.stringMatching(error) });
    expect(await ticketState(store, id)).toBe('dispatched');
    await store.transaction((tx) => retryOrder(tx, order.id));
    await deliver();
    expect(await lastOrder(store)).toMatchObject({ state: 'sent' });
    expect(city.requests).toHaveLength(1);
  },
);

test.each([
  ['refuses the key', { status: 403, body: '[{"code":403,"description":"api_key"}]' }, /^403 .*api_key/],
  ['sends it elsewhere', { status: 302 }, /^302/],
])('a city that %s gets the ticket once that is mended', async (_name, trouble, error) => {
  const city = await TestCity.start();
  const { store, id, deliver, again } = await confirmed(city);
  city.postTroubles.push(trouble);
  await deliver();
  expect(await lastOrder(store)).toMatchObject({
    state: 'pending',
    last_error: expect.stringMatching(error),
  });
  await again(1);
  expect(await ticketState(store, id)).toBe('dispatched');
  expect(city.requests).toHaveLength(1);
});

test('closed there is repaired here, once; the history says what the city said', async () => {
  const city = await TestCity.start();
  const { store, id, deliver, ask, askLater } = await confirmed(city);
  await deliver();
  await ask();
  expect(await ticketState(store, id)).toBe('dispatched');
  const [request] = city.requests;
  Object.assign(request as object, { status: 'closed', notes: 'filled\u0000 by crew 4' });
  expect(await ask()).toBe(0);
  await askLater();
  expect(await ticketState(store, id)).toBe('repaired');
  expect(await ticketHistory(store.db, id)).toContainEqual(
    expect.objectContaining({
      action: 'ticket.remote_state',
      channel: 'open311',
      detail: { state: 'closed', reason: '293944: filled by crew 4' },
    }),
  );
  const calls = city.asked.length;
  expect(await askLater()).toBe(0);
  expect(city.asked).toHaveLength(calls);
});

test('after a repair that did not hold the city gets a new request, and what it closed before counts no more', async () => {
  const city = await TestCity.start();
  const { store, id, deliver, again, askLater, command } = await confirmed(city);
  await deliver();
  (city.requests[0] as { status: string }).status = 'closed';
  await askLater();
  await command('rework', 'still there');
  await askLater();
  expect(await ticketState(store, id)).toBe('rework');
  city.postTroubles.push('lost');
  await deliver();
  await again(1);
  expect(city.requests).toHaveLength(2);
  expect(city.requests[1]?.form.description).toMatch(/\(返工\): still there\n/);
  await askLater();
  expect(await ticketState(store, id)).toBe('rework');
  (city.requests[1] as { status: string }).status = 'closed';
  await askLater();
  expect(await ticketState(store, id)).toBe('repaired');
});

test('a number that comes later, against a token, is asked for', async () => {
  const city = await TestCity.start();
  city.givesTokens = true;
  const { store, id, deliver, ask, askLater } = await confirmed(city);
  await deliver();
  await ask();
  (city.requests[0] as { status: string }).status = 'closed';
  await askLater();
  expect(city.asked.slice(1)).toEqual(['GET /v2/tokens/t-293944.json', 'GET /v2/requests.json']);
  expect(await ticketState(store, id)).toBe('repaired');
});

test('a city that does not answer is asked ever more rarely, and what it says then counts', async () => {
  const city = await TestCity.start();
  const { store, time, id, deliver, ask } = await confirmed(city);
  await deliver();
  city.getTroubles.push(
    { status: 500 },
    { status: 200, body: '{"no": "list"}' },
    { status: 200, body: '[]' },
  );
  const waits: number[] = [];
  for (let n = 0; n < 3; n++) {
    await ask();
    const { check_at } = await store.db.selectFrom('remote_requests').selectAll().executeTakeFirstOrThrow();
    waits.push(((check_at as number) - time.now) / 60_000);
    time.now = check_at as number;
  }
  expect(waits).toEqual([2, 4, 8]);
  (city.requests[0] as { status: string }).status = 'closed';
  await ask();
  expect(await ticketState(store, id)).toBe('repaired');
});

test('what cannot be taken back is told to a person, and is asked for no more', async () => {
  const city = await TestCity.start();
  const { store, deliver, ask, askLater, command } = await confirmed(city);
  await deliver();
  await ask();
  await command('cancel', 'twice');
  await deliver();
  expect(await lastOrder(store)).toMatchObject({
    kind: 'recall',
    state: 'dead',
    last_error: expect.stringContaining('tell the unit that request 293944 no longer holds'),
  });
  await askLater();
  expect(await askLater()).toBe(0);
});

test('a ticket that never got there is not recalled by hand either', async () => {
  const city = await TestCity.start();
  const { store, deliver, again, command } = await confirmed(city);
  city.postTroubles.push({ status: 503 });
  await deliver();
  await command('cancel', 'twice');
  await again(1);
  expect(await lastOrder(store)).toMatchObject({ kind: 'recall', state: 'sent' });
  expect(city.requests).toHaveLength(0);
});
