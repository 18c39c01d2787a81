/** What a unit has of its own tickets on its desk: their events as they happen, pictures, crews and figures, and nothing of others. */
import { expect, test } from 'vitest';
import { disableUser, saveUser } from '../../src/identity/users.ts';
import { openEvents } from '../../testing/events.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';

const name = { en: 'x', zh: 'x' };
const UNITS = [
  { id: 'north', name, default: true },
  { id: 'south', name },
];

async function city() {
  const gateway = await testGateway({ units: UNITS });
  const agent = await gateway.agent();
  const desk = await gateway.operator('shift_lead');
  const north = await gateway.operator('unit', 'ann', 'north');
  const south = await gateway.operator('unit', 'bo', 'south');
  const dispatch = async (camera: string, unitId: string) => {
    await agent.report({ camera });
    return desk.dispatch({ unitId });
  };
  const give = (path: string, command: object) => desk.post(`${path}/transitions`, command);
  return { gateway, agent, desk, north, south, dispatch, give };
}
const idOf = (path: string) => path.slice('/api/tickets/'.length);

test('a unit hears of its own tickets as they change, and of no alert, camera or ticket of another', async () => {
  const { agent, north, south, dispatch, give } = await city();
  const [norths, souths] = [await openEvents(north), await openEvents(south)];
  for (const stream of [norths, souths]) expect((await stream.next()).event).toBe('ready');
  const ofNorth = await dispatch('a', 'north');
  const ofSouth = await dispatch('b', 'south');
  await agent.report({ camera: 'unjudged' });
  await give(ofSouth, { command: 'accept' });
  await give(ofNorth, { command: 'accept' });

  const heard = async (stream: typeof norths, until: string) => {
    const events = [];
    for (;;) {
      const event = await stream.next();
      events.push(event);
      if (event.data.state === until) return events;
    }
  };
  const inNorth = await heard(norths, 'accepted');
  const inSouth = await heard(souths, 'accepted');
  expect(new Set(inNorth.map(({ event, data }) => `${event} ${data.id}`))).toEqual(
    new Set([`ticket ${idOf(ofNorth)}`]),
  );
  expect(new Set(inSouth.map(({ event, data }) => `${event} ${data.id}`))).toEqual(
    new Set([`ticket ${idOf(ofSouth)}`]),
  );
});

test('a unit hears that a ticket was taken from it, and nothing of what another does with it then', async () => {
  const { north, dispatch, give, desk } = await city();
  const ticket = await dispatch('a', 'north');
  const stream = await openEvents(north);
  await stream.next();
  await give(ticket, { command: 'reassign', unitId: 'south', reason: 'theirs' });
  const { event, data, id } = await stream.next();
  expect({ event, data }).toEqual({ event: 'ticket', data: { id: idOf(ticket) } });
  stream.close();

  await desk.until(ticket, ({ state }) => state === 'dispatched');
  await give(ticket, { command: 'accept' });
  // Also what was missed: nothing of it is told when the browser comes back.
  const own = await dispatch('b', 'north');
  const back = await openEvents(north, { lastEventId: id });
  expect((await back.next()).event).toBe('ready');
  expect((await back.next()).data.id).toBe(idOf(own));
});

test.each([
  ['goes to another unit', 'south'],
  ['is disabled', null],
])('the stream of somebody who %s ends', async (_what, unitId) => {
  const { gateway, north } = await city();
  const stream = await openEvents(north);
  await stream.next();
  const store = await gateway.store();
  const actor = { name: 'system', channel: 'cli' };
  if (unitId === null) await disableUser(store, 'ann', actor);
  else await saveUser(store, { username: 'ann', password: PASSWORD, role: 'unit', unitId }, actor);
  await expect(stream.next()).rejects.toThrow('the stream has ended');
});

test('a unit has the pictures of its damage with the ticket, and lists its own tickets whatever it asks for', async () => {
  const { north, south, dispatch } = await city();
  const ticket = await dispatch('a', 'north');
  expect((await north.get(ticket)).body.pictures).toMatchObject([{ source: 'binjiang/edge-1/a' }]);
  expect((await south.get(ticket)).status).toBe(404);
  expect((await south.get('/api/tickets?unit=north')).body).toMatchObject({ items: [], total: 0 });
  expect((await south.get('/api/tickets/lanes?unit=north')).body.items).toEqual([]);
  expect((await north.get('/api/tickets/lanes')).body.items).toEqual([
    { lane: 'waiting', total: 1, overdue: 0 },
  ]);
  const figures = async (who: typeof north) => (await who.get('/api/tickets/figures')).body;
  expect(await figures(south)).toMatchObject({ open: 0, response: { inTime: 0, late: 0 } });
  await north.post(`${ticket}/transitions`, { command: 'accept' });
  expect(await figures(north)).toMatchObject({ open: 1, overdue: 0, response: { inTime: 1, late: 0 } });
});

test('each crew has a link of its own; a new one ends that of the same crew, and one crew can be shut out alone', async () => {
  const { north, south, dispatch, gateway } = await city();
  const ticket = await dispatch('a', 'north');
  const link = async (crew?: string) =>
    (await north.post(`${ticket}/crew-link`, crew === undefined ? {} : { crew })).body.url as string;
  const works = async (url: string) =>
    (await fetch(new URL(new URL(url).pathname, gateway.url))).status === 200;
  const [first, second, other] = [await link('Wang'), await link('Wang'), await link('Zhao')];
  expect([await works(first), await works(second), await works(other)]).toEqual([false, true, true]);
  const { items } = (await north.get(`${ticket}/crew-link`)).body;
  expect(items.map(({ crew }: { crew: string }) => crew).sort()).toEqual(['Wang', 'Zhao']);
  expect(JSON.stringify(items)).not.toContain(new URL(second).pathname.split('/')[2]);
  expect((await south.get(`${ticket}/crew-link`)).status).toBe(404);

  const end = (query = '') =>
    fetch(new URL(`${ticket}/crew-link${query}`, gateway.url), { method: 'DELETE', headers: north.headers });
  await end('?crew=Wang');
  expect([await works(second), await works(other)]).toEqual([false, true]);
  await end();
  expect(await works(other)).toBe(false);
});
