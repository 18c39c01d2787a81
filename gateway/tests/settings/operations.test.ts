/** The system of the maintainers as admins set it: from the file at first, its secret never shown, tested, and told from then on. */
import { expect, test } from 'vitest';
import { SECRET, TestBureau } from '../../testing/bureau.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call, type TestOperator } from '../../testing/operator.ts';

const OPERATIONS = '/api/settings/operations';

async function save(admin: TestOperator, webhook: object | null) {
  const { version } = (await admin.get(OPERATIONS)).body;
  const { base, headers } = admin;
  return call(base, 'PUT', OPERATIONS, { headers, body: { version, document: { webhook } } });
}

const pathsOf = ({ body }: { body: { fields: { path: string }[] } }) => body.fields.map(({ path }) => path);

test('the file says who is told at first; an admin changes it, puts it back, and the audit has both without a secret', async () => {
  const [first, second] = [await TestBureau.start(), await TestBureau.start()];
  const { url, secret } = first.unit.webhook;
  const withLogin = url.replace('http://', 'http://roads:hunter2@');
  const gateway = await testGateway({ operations: { webhook: { url: withLogin, secret } } });
  const admin = await gateway.operator('admin');
  expect((await admin.get(OPERATIONS)).body).toMatchObject({
    ...{ version: 1, by: 'system', document: { webhook: { url, hasSecret: true } } },
  });
  expect((await admin.post(`${OPERATIONS}/test`)).body.outcome).toBe('delivered');
  expect(first.orders).toHaveLength(1);
  expect((await save(admin, { url: second.url, secret: SECRET })).status).toBe(200);
  expect((await admin.post(`${OPERATIONS}/test`)).body.address).toBe(second.url);
  expect([first.orders.length, second.orders.length]).toEqual([1, 1]);
  expect((await admin.post(`${OPERATIONS}/undo`, { version: 2, to: 1 })).status).toBe(200);
  expect((await admin.post(`${OPERATIONS}/test`)).body.address).toBe(url);
  expect(first.orders.at(-1)).toMatchObject({
    genuine: true,
    headers: { authorization: `Basic ${Buffer.from('roads:hunter2').toString('base64')}` },
    body: { type: 'operations.test', data: { text: { zh: expect.stringContaining('试发') } } },
  });
  const store = await gateway.store();
  const audit = await store.db
    .selectFrom('audit_log')
    .selectAll()
    .where('subject', '=', 'settings:operations')
    .orderBy('seq')
    .execute();
  expect(audit.map(({ action }) => action)).toEqual([
    ...['settings.taken_over', 'operations.tested', 'settings.changed', 'operations.tested'],
    ...['settings.undone', 'operations.tested'],
  ]);
  const said = JSON.stringify([
    audit,
    await store.db.selectFrom('settings_versions').selectAll().execute(),
    await store.db.selectFrom('operations_calls').selectAll().execute(),
    (await admin.get(`${OPERATIONS}/versions`)).body,
    (await admin.get(`${OPERATIONS}/last-call`)).body,
    gateway.lines,
  ]);
  for (const hidden of ['hunter2', SECRET]) expect(said).not.toContain(hidden);
});

test('what came of the last call is known by kind of outcome, and where nobody is told a test is refused', async () => {
  const bureau = await TestBureau.start();
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const last = async () => (await admin.get(`${OPERATIONS}/last-call`)).body.last;
  expect(await last()).toBeNull();
  expect((await admin.post(`${OPERATIONS}/test`)).body).toMatchObject({
    ...{ status: 404, code: 'operations_unset' },
  });
  await save(admin, { url: bureau.url, secret: SECRET });
  for (const [answer, outcome] of [
    [{ status: 200, body: 'thank you' }, 'delivered'],
    [{ status: 422, body: 'no such event' }, 'refused'],
    [{ status: 503, body: 'later' }, 'failed'],
  ] as const) {
    bureau.answer = answer;
    const call = (await admin.post(`${OPERATIONS}/test`)).body;
    expect(call).toMatchObject({
      ...{ event: 'operations.test', outcome, address: bureau.url },
      answer: `${answer.status} ${answer.body}`,
    });
    expect(await last()).toEqual(call);
  }
  expect((await save(admin, null)).status).toBe(200);
  expect((await admin.post(`${OPERATIONS}/test`)).status).toBe(404);
  const lead = await gateway.operator('shift_lead');
  for (const path of [OPERATIONS, `${OPERATIONS}/last-call`]) expect((await lead.get(path)).status).toBe(403);
  expect((await lead.post(`${OPERATIONS}/test`)).status).toBe(403);
});

test('each wrong field is named, and a secret goes to no other server than the one that it was entered for', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  expect(pathsOf(await save(admin, { url: 'javascript:alert(1)', secret: 'short' }))).toEqual([
    ...['webhook.url', 'webhook.secret'],
  ]);
  expect(pathsOf(await save(admin, { url: 'https://care.example.org/told' }))).toEqual(['webhook.secret']);
  expect((await save(admin, { url: 'https://care.example.org/told', secret: SECRET })).status).toBe(200);
  expect((await save(admin, { url: 'https://care.example.org/other' })).status).toBe(200);
  expect(pathsOf(await save(admin, { url: 'https://elsewhere.example/told' }))).toEqual(['webhook.secret']);
});

test('an admin who sets a system has it told of faults from then on, without a restart', async () => {
  const bureau = await TestBureau.start();
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  await save(admin, { url: bureau.url, secret: SECRET });
  const store = await gateway.store();
  await store.transaction((tx) =>
    tx.db
      .insertInto('incidents')
      .values({
        ...{ id: 'one', site: 'binjiang', agent: 'edge-1', camera: 'cam-1', code: 'covered', detail: '' },
        ...{ began_at: tx.at - 120_000, ended_at: null, told_at: null, told_end_at: null },
        ...{ good_sha256: null, good_at: null, fault_sha256: null, fault_at: null },
      })
      .execute(),
  );
  const [told] = await bureau.received(1);
  expect(told).toMatchObject({ genuine: true, body: { type: 'camera.fault', data: { incident: 'one' } } });
  await expect
    .poll(async () => (await admin.get(`${OPERATIONS}/last-call`)).body.last, { timeout: 30_000 })
    .toMatchObject({ event: 'camera.fault', outcome: 'delivered' });
});

test('without the key file its secret is lost, which is said and shown, until it is entered again', async () => {
  const bureau = await TestBureau.start();
  const { url, secret } = bureau.unit.webhook;
  const gateway = await testGateway({ operations: { webhook: { url, secret } } });
  await gateway.stop();
  const store = await gateway.store();
  await store.transaction(async (tx) => {
    await tx.db.updateTable('settings_secrets').set({ key_id: 'another' }).execute();
  });
  await gateway.start();
  expect(gateway.lines).toContainEqual(
    expect.objectContaining({ level: 50, msg: expect.stringContaining('maintainers') }),
  );
  const admin = await gateway.operator('admin', 'again');
  expect((await admin.get(OPERATIONS)).body.document.webhook).toEqual({ url, hasSecret: false });
  expect(pathsOf(await save(admin, { url }))).toEqual(['webhook.secret']);
  expect((await save(admin, { url, secret })).status).toBe(200);
  expect((await admin.post(`${OPERATIONS}/test`)).body.outcome).toBe('delivered');
});
