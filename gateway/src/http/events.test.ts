import { expect, test } from 'vitest';
import { openEvents } from '../testing/events.ts';
import { testGateway } from '../testing/gateway.ts';

test('browsers hear of an alert as soon as it is stored', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const events = await openEvents(operator);
  expect((await events.next()).event).toBe('ready');
  await agent.report();
  const { event, data } = await events.next();
  const [alert] = (await operator.get('/api/alerts')).body.items;
  expect({ event, data }).toEqual({ event: 'alert', data: { id: alert.id, state: 'new' } });
});

test('a browser that was away is told what it missed, in order and once, also across a restart', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const first = await openEvents(operator);
  await first.next();
  await agent.report({ camera: 'a' });
  const { id } = await first.next();
  first.close();
  await agent.report({ camera: 'b' });
  await gateway.restart();
  const again = await gateway.agent();
  await again.report({ camera: 'c' });
  const back = await gateway.operator('operator', 'second');
  const second = await openEvents(back, id);
  const missed = [await second.next(), await second.next(), await second.next()];
  expect(missed.map(({ event }) => event)).toEqual(['ready', 'alert', 'alert']);
  const cameras = await Promise.all(
    missed.slice(1).map(async ({ data }) => (await back.get(`/api/alerts/${data.id}`)).body.camera),
  );
  expect(cameras).toEqual(['b', 'c']);
});

test('a browser that names an event of another store loads everything anew', async () => {
  const gateway = await testGateway();
  const events = await openEvents(await gateway.operator(), '999999');
  expect((await events.next()).event).toBe('ready');
  expect((await events.next()).event).toBe('reset');
});
