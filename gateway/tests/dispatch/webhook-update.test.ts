import { expect, test } from 'vitest';
import { sign } from '../../src/dispatch/webhook/webhook.ts';
import { SECRET, TestBureau } from '../../testing/bureau.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

async function dispatched() {
  const bureau = await TestBureau.start();
  const gateway = await testGateway({ units: [bureau.unit] });
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const path = await operator.dispatch();
  const ticketId = path.split('/').at(-1) as string;
  const tell = (update: object, { id = 'msg-1', secret = SECRET, now = Date.now() } = {}) => {
    const timestamp = Math.floor(now / 1000);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(secret, id, timestamp, JSON.stringify(update)),
    };
    return call(gateway.url, 'POST', '/api/units/bureau/updates', { headers, body: update });
  };
  return { agent, operator, bureau, ticketId, ticket: async () => (await operator.get(path)).body, tell };
}

test("a unit's own system accepts and returns tickets, by the number that it was given", async () => {
  const { bureau, ticket, tell, ticketId } = await dispatched();
  const number = bureau.orders[0]?.body.data.ticket.number;
  expect((await tell({ ticket: number, command: 'accept' })).status).toBe(204);
  expect(await ticket()).toMatchObject({
    state: 'accepted',
    clocks: [{ kind: 'handover', state: 'met' }, { kind: 'response', state: 'met' }, {}],
  });
  expect(await tell({ ticket: ticketId, command: 'return' }, { id: 'msg-2' })).toMatchObject({
    status: 422,
    body: { detail: 'reason: return needs a reason' },
  });
  expect(
    (await tell({ ticket: ticketId, command: 'return', reason: 'not ours' }, { id: 'msg-2' })).status,
  ).toBe(204);
  expect((await ticket()).history.at(-1)).toMatchObject({ actor: 'unit:bureau', channel: 'webhook' });
});

test('a message that comes twice moves the ticket once', async () => {
  const { ticketId, ticket, tell } = await dispatched();
  for (let n = 0; n < 2; n++) expect((await tell({ ticket: ticketId, command: 'accept' })).status).toBe(204);
  expect(
    (await ticket()).history.filter(({ action }: { action: string }) => action === 'ticket.accept'),
  ).toHaveLength(1);
});

test('a forged, old or foreign message changes nothing', async () => {
  const { ticketId, ticket, tell } = await dispatched();
  const accept = { ticket: ticketId, command: 'accept' };
  expect((await tell(accept, { secret: 'whsec_c29tZWJvZHkgZWxzZSB3aXRob3V0IG91ciBzZWNyZXQ=' })).status).toBe(
    403,
  );
  expect((await tell(accept, { now: Date.now() - 600_000 })).status).toBe(403);
  expect((await tell({ ticket: 'RW-20200101-000001', command: 'accept' })).status).toBe(404);
  expect((await tell({ ticket: ticketId, command: 'close' })).status).toBe(422);
  expect((await ticket()).state).toBe('dispatched');
});

test('an order that the unit refused is listed, and an operator sends it again', async () => {
  const { agent, operator, bureau } = await dispatched();
  bureau.answer = { status: 400, body: 'which road?' };
  await agent.report({ camera: 'another' });
  const [alert] = (await operator.get('/api/alerts?state=new')).body.items;
  const { ticketId } = (await operator.post(`/api/alerts/${alert.id}/confirm`)).body;
  const { items } = await operator.until('/api/dispatches', (body) => body.items.length > 0);
  expect(items).toMatchObject([{ ticketId, unitId: 'bureau', attempts: 1, error: '400 which road?' }]);
  bureau.answer = { status: 200 };
  expect((await operator.post(`/api/dispatches/${items[0].id}/retry`)).status).toBe(204);
  await operator.until(`/api/tickets/${ticketId}`, (ticket) => ticket.state === 'dispatched');
  expect((await operator.post(`/api/dispatches/${items[0].id}/retry`)).status).toBe(404);
});
