/** A verdict whose answer was lost is sent again with its key, and is not given twice. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { once as doneOnce, forgetAnswers } from '../../src/idempotency/once.ts';
import { testGateway } from '../../testing/gateway.ts';
import type { TestOperator } from '../../testing/operator.ts';
import { testStore } from '../../testing/store.ts';

async function desk() {
  const gateway = await testGateway({ dispatch: { recallSeconds: 600 } });
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const [alert] = (await operator.get('/api/alerts')).body.items;
  return { gateway, agent, operator, id: alert.id as string };
}

const withKey = (key: string) => ({ 'idempotency-key': key });
const ticketsOf = async (operator: TestOperator) => (await operator.get('/api/tickets')).body.items;

/** Sends a command and hangs up as soon as it has been carried out, without having read a byte of the answer. */
async function sendAndHangUp(operator: TestOperator, path: string, key: string): Promise<void> {
  const { hostname, port } = new URL(operator.base);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.pause();
  const head = { host: hostname, 'content-type': 'application/json', 'content-length': '2' };
  const lines = Object.entries({ ...head, ...operator.headers, ...withKey(key) });
  socket.write(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{}`,
  );
  await operator.until('/api/tickets', (body) => body.items.length === 1);
  socket.destroy();
}

test('a verdict whose answer was lost after it was given is answered again, and there is one ticket', async () => {
  const { gateway, operator, id } = await desk();
  const [path, key] = [`/api/alerts/${id}/confirm`, randomUUID()];
  await sendAndHangUp(operator, path, key);
  const again = await operator.post(path, {}, withKey(key));
  const [ticket, ...others] = await ticketsOf(operator);
  expect(again).toMatchObject({ status: 200, body: { ticketId: ticket.id, number: ticket.number } });
  expect(others).toEqual([]);
  await gateway.restart();
  const back = await gateway.operator('operator', 'operator');
  expect((await back.post(path, {}, withKey(key))).body).toEqual(again.body);
  expect((await back.post(path, {}, withKey(randomUUID()))).body.code).toBe('alert_judged');
});

test('every verdict has its first answer again, whatever has become of the alert meanwhile', async () => {
  const { agent, operator, id } = await desk();
  await agent.report({ camera: 'other' });
  const [{ id: into }] = (await operator.get('/api/alerts?state=new')).body.items;
  const commands = [
    ['shelve', { until: new Date(Date.now() + 3_600_000).toISOString(), reason: 'rain' }],
    ['undo', {}],
    ['merge', { into }],
    ['undo', {}],
    ['reject', { reason: 'marking' }],
    ['undo', {}],
    ['confirm', {}],
  ] as const;
  const given = [];
  for (const [command, body] of commands) {
    const send = { path: `/api/alerts/${id}/${command}`, body, headers: withKey(randomUUID()) };
    given.push({ send, first: await operator.post(send.path, send.body, send.headers) });
  }
  expect(given.map(({ first }) => first.status)).toEqual(commands.map(() => 200));
  for (const { send, first } of given)
    expect((await operator.post(send.path, send.body, send.headers)).body).toEqual(first.body);
  expect(await ticketsOf(operator)).toHaveLength(1);
});

test('a step of a ticket that is sent twice is taken once', async () => {
  const { operator, id } = await desk();
  const { ticketId } = (await operator.post(`/api/alerts/${id}/confirm`)).body;
  const path = `/api/tickets/${ticketId}/transitions`;
  const headers = withKey(randomUUID());
  const first = await operator.post(path, { command: 'cancel', reason: 'twice' }, headers);
  expect(first).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  expect((await operator.post(path, { command: 'cancel', reason: 'twice' }, headers)).body).toEqual(
    first.body,
  );
  const { history } = (await operator.get(`/api/tickets/${ticketId}`)).body;
  const cancelled = history.filter(({ action }: { action: string }) => action === 'ticket.cancel');
  expect(cancelled).toHaveLength(1);
});

test('a key belongs to one command of one person, and has to be a UUID', async () => {
  const { gateway, operator, id } = await desk();
  const key = randomUUID();
  const path = `/api/alerts/${id}/reject`;
  const reject = (headers: Record<string, string>, reason = 'marking', who = operator) =>
    who.post(path, { reason }, headers);
  expect((await reject(withKey('twice'))).body).toMatchObject({
    status: 422,
    detail: expect.stringMatching(/idempotency-key/),
  });
  // What was refused is no answer to keep.
  expect((await reject(withKey(key), 'because')).status).toBe(422);
  expect((await reject(withKey(key))).status).toBe(200);
  // As the draft writes it.
  expect((await reject(withKey(`"${key}"`))).status).toBe(200);
  expect((await reject(withKey(key), 'no_damage')).body).toMatchObject({
    status: 422,
    code: 'idempotency_key_used',
  });
  const undo = await operator.post(`/api/alerts/${id}/undo`, {}, withKey(key));
  expect(undo.body.code).toBe('idempotency_key_used');
  const other = await gateway.operator('operator', 'bo');
  expect((await reject(withKey(key), 'marking', other)).body.code).toBe('alert_judged');
});

test('while a command is being carried out, the same is told to come back; afterwards it has the answer', async () => {
  const { operator, id } = await desk();
  const headers = withKey(randomUUID());
  const confirm = () => operator.post(`/api/alerts/${id}/confirm`, {}, headers);
  const answers = await Promise.all(Array.from({ length: 10 }, confirm));
  for (const { status, body } of answers)
    expect([status, body.code]).toEqual(status === 200 ? [200, undefined] : [409, 'request_under_way']);
  const { body } = await confirm();
  for (const answer of answers.filter(({ status }) => status === 200)) expect(answer.body).toEqual(body);
  expect(await ticketsOf(operator)).toHaveLength(1);
});

test('answers are kept for a day', async () => {
  const { store, time } = await testStore();
  const asked = { by: 'user:ann', key: randomUUID(), request: 'x' };
  let times = 0;
  const work = async () => ++times;
  expect(await doneOnce(store, asked, work)).toBe(1);
  time.pass(24 * 3_600_000 - 1);
  await forgetAnswers(store);
  expect(await doneOnce(store, asked, work)).toBe(1);
  time.pass(1);
  expect(await doneOnce(store, { ...asked, request: 'y' }, work)).toBe(2);
  expect(await doneOnce(store, { ...asked, request: 'y' }, work)).toBe(2);
  time.pass(24 * 3_600_000);
  await forgetAnswers(store);
  expect(await store.db.selectFrom('kept_answers').selectAll().execute()).toEqual([]);
});
