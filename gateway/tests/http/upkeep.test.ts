/** The audit looked up and checked, backups made, and what was given up sent again or let go, all at the console. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { keepRefused } from '../../src/ingest/refused.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { TestBureau } from '../../testing/bureau.ts';
import { testGateway } from '../../testing/gateway.ts';

test('the audit is found by who, what, when and of what, page by page, and its chain is checked', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  for (const username of ['ann', 'bo', 'cy'])
    await admin.post('/api/users', { username, role: 'viewer', unitId: null });
  const found = async (query: string) => (await admin.get(`/api/audit?${query}`)).body;
  const page = await found('actor=user:admin&action=user.created&limit=2');
  expect(page.items.map(({ subject }: { subject: string }) => subject)).toEqual(['user:cy', 'user:bo']);
  const rest = await found(`actor=user:admin&action=user.created&limit=2&after=${page.next}`);
  expect(rest).toMatchObject({ items: [{ subject: 'user:ann', channel: 'console' }], next: null });
  expect((await found('action=user&subject=user:bo')).items).toHaveLength(1);
  // Wildcards of SQL are text.
  expect((await found('subject=%25')).items).toEqual([]);
  expect((await found('subject=user_')).items).toEqual([]);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  expect((await found(`from=${later}`)).items).toEqual([]);
  expect((await found(`to=${later}&action=login`)).items.length).toBeGreaterThan(0);
  expect((await admin.get('/api/audit?after=x')).status).toBe(422);
  expect((await admin.post('/api/audit/verify')).body).toMatchObject({
    ok: true,
    lines: expect.arrayContaining([expect.stringContaining('unbroken')]),
  });
  const store = await gateway.store();
  await store.transaction(async (tx) => {
    await tx.db
      .updateTable('audit_log')
      .set({ actor: 'user:nobody' })
      .where('subject', '=', 'user:ann')
      .execute();
  });
  expect((await admin.post('/api/audit/verify')).body).toMatchObject({
    ok: false,
    lines: [expect.stringContaining('has been altered')],
  });
  expect((await (await gateway.operator('shift_lead')).get('/api/audit')).status).toBe(403);
});

test('a backup is made while the gateway runs, one at a time, and stands in the list with where it is', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const admin = await gateway.operator('admin');
  expect((await admin.post('/api/backups')).status).toBe(202);
  expect([202, 409]).toContain((await admin.post('/api/backups')).status);
  const { items } = await admin.until('/api/backups', (body) => body.items[0]?.state === 'done');
  expect(items[0]).toMatchObject({ by: 'user:admin', folder: join(gateway.config.dataDir, 'backup') });
  expect(items[0].rows).toBeGreaterThan(10);
  expect(existsSync(join(items[0].folder, 'store.jsonl.gz'))).toBe(true);
});

test('the rows of a backup are downloaded by admins only, whole, and the audit says who did', async () => {
  const gateway = await testGateway();
  await (await gateway.agent()).report();
  const admin = await gateway.operator('admin');
  expect(await admin.get('/api/backups/store')).toMatchObject({
    status: 404,
    body: { code: 'backup_unknown' },
  });
  await admin.post('/api/backups');
  const { items } = await admin.until('/api/backups', (body) => body.items[0]?.state === 'done');
  const download = (headers: Record<string, string>) =>
    fetch(new URL('/api/backups/store', gateway.url), { headers });
  const lead = await gateway.operator('shift_lead');
  expect((await download(lead.headers)).status).toBe(403);
  expect((await download({})).status).toBe(401);
  const answer = await download(admin.headers);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="store.jsonl.gz"');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes).toEqual(readFileSync(join(items[0].folder, 'store.jsonl.gz')));
  const lines = gunzipSync(bytes).toString().trim().split('\n');
  expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ end: items[0].rows });
  const { body } = await admin.get('/api/audit?action=backup.downloaded');
  expect(body.items).toMatchObject([{ actor: 'user:admin', subject: 'backup' }]);
});

test('an order that was given up can be let go with a reason, and so can a refused message', async () => {
  const bureau = await TestBureau.start();
  bureau.answer = { status: 400 };
  const gateway = await testGateway({ units: [bureau.unit] });
  const agent = await gateway.agent();
  await agent.report();
  const admin = await gateway.operator('admin');
  await admin.dispatch();
  const [order] = (await admin.until('/api/dispatches', (body) => body.items.length === 1)).items;
  expect((await admin.post(`/api/dispatches/${order.id}/dismiss`, { reason: '' })).status).toBe(422);
  expect(
    (await admin.post(`/api/dispatches/${order.id}/dismiss`, { reason: 'told by telephone' })).status,
  ).toBe(204);
  expect((await admin.get('/api/dispatches')).body.items).toEqual([]);
  // The unit knows of it: its time runs, and the ticket can be moved on.
  const { body: ticket } = await admin.get(`/api/tickets/${order.ticketId}`);
  expect(ticket).toMatchObject({
    state: 'dispatched',
    commands: expect.arrayContaining(['reassign', 'accept']),
  });
  expect(ticket.clocks.map(({ kind }: { kind: string }) => kind)).toContain('response');
  expect((await admin.post(`/api/dispatches/${order.id}/retry`)).status).toBe(404);
  await agent.send(agent.topics.status, '{"v":1}');
  const [refused] = (await admin.until('/api/refused-messages', (body) => body.items.length === 1)).items;
  const path = `/api/refused-messages/${refused.sha256}/dismiss`;
  expect((await admin.post(path, { topic: refused.topic, reason: 'an old box' })).status).toBe(204);
  expect((await admin.get('/api/refused-messages')).body.items).toEqual([]);
  expect((await admin.post(path, { topic: refused.topic, reason: 'again' })).status).toBe(404);
  const { items } = (await admin.get('/api/audit?action=refused_message')).body;
  expect(items).toMatchObject([{ action: 'refused_message.dismissed', actor: 'user:admin' }]);
});

test('a refused message is taken after all once nothing stands against it, and stays where it is otherwise', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const admin = await gateway.operator('admin');
  const listed = (length: number) =>
    admin.until('/api/refused-messages', (body) => body.items.length === length);
  const again = async (length: number) => {
    const [{ sha256: name, topic }] = (await listed(length)).items;
    return admin.post(`/api/refused-messages/${name}/retry`, { topic });
  };
  await agent.send(agent.topics.status, '{"v":1}');
  const still = await again(1);
  expect(still).toMatchObject({ status: 409, body: { code: 'refused_message_again' } });
  expect(still.body.detail).toContain((await listed(1)).items[0].reason);

  // As the gateway sets aside what its store did not take at that time.
  const store = await gateway.store();
  const payload = Buffer.from(JSON.stringify(sampleDetection({ camera: 'late' })));
  const topic = agent.topics.detections('late');
  const aside = { topic, payload, sha256: sha256(payload), reason: 'could not be stored: disk I/O error' };
  await store.transaction((tx) => keepRefused(tx, aside));
  expect((await again(2)).status).toBe(204);
  expect((await admin.get('/api/alerts?state=new')).body.items).toMatchObject([{ camera: 'late' }]);
  await listed(1);

  const long = Buffer.alloc(20_000, 'x');
  await store.transaction((tx) => keepRefused(tx, { ...aside, payload: long, sha256: sha256(long) }));
  const cut = await again(2);
  expect(cut).toMatchObject({ status: 409, body: { code: 'refused_message_cut' } });
  const { items } = (await admin.get('/api/audit?action=refused_message')).body;
  expect(items).toMatchObject([{ action: 'refused_message.taken', actor: 'user:admin' }]);
});
