/** People as admins make and end them at the console. */
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call, TestOperator } from '../../testing/operator.ts';

test('a person made at the console signs in with the password that is shown once, until they are disabled', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const made = await admin.post('/api/users', { username: 'ann', role: 'operator', unitId: null });
  expect(made).toMatchObject({ status: 201, body: { username: 'ann' } });
  expect((await admin.post('/api/users', { username: 'ann', role: 'viewer', unitId: null })).status).toBe(
    409,
  );
  const ann = await TestOperator.login(gateway.url, 'ann', made.body.password);
  const listed = (await admin.get('/api/users')).body.items;
  expect(listed).toContainEqual(
    expect.objectContaining({
      username: 'ann',
      role: 'operator',
      sessions: 1,
      local: true,
      secondFactor: false,
    }),
  );
  expect(JSON.stringify(listed)).not.toMatch(/argon2|password/);
  const { password } = (await admin.post('/api/users/ann/password')).body;
  expect((await ann.get('/api/me')).status).toBe(401);
  await TestOperator.login(gateway.url, 'ann', password);
  expect((await admin.post('/api/users/ann/disable')).status).toBe(204);
  await expect(TestOperator.login(gateway.url, 'ann', password)).rejects.toThrow(/401/);
  expect((await admin.post('/api/users/ann/enable')).status).toBe(204);
  const again = await TestOperator.login(gateway.url, 'ann', password);
  const { base, headers } = admin;
  expect((await call(base, 'DELETE', '/api/users/ann/sessions', { headers })).status).toBe(204);
  expect((await again.get('/api/me')).status).toBe(401);
  const store = await gateway.store();
  const entries = await store.db
    .selectFrom('audit_log')
    .select(['action', 'after'])
    .where('subject', '=', 'user:ann')
    .where('actor', '=', 'user:admin')
    .execute();
  expect(entries.map(({ action }) => action)).toEqual([
    'user.created',
    'password.reset',
    'user.disabled',
    'user.enabled',
    'user.signed_out',
  ]);
  expect(JSON.stringify(entries)).not.toContain(password);
});

test('the last admin can neither be disabled nor become something else, not even by two at the same time', async () => {
  const gateway = await testGateway();
  const bo = await gateway.operator('admin', 'bo');
  // The one of the first start.
  expect((await bo.post('/api/users/admin/disable')).status).toBe(204);
  expect((await bo.post('/api/users/bo/disable')).body).toMatchObject({ status: 409, code: 'last_admin' });
  const { base, headers } = bo;
  const body = { role: 'viewer', unitId: null };
  expect((await call(base, 'PUT', '/api/users/bo', { headers, body })).body).toMatchObject({
    code: 'last_admin',
  });
  const cy = await gateway.operator('admin', 'cy');
  const both = await Promise.all([bo.post('/api/users/cy/disable'), cy.post('/api/users/bo/disable')]);
  const left = (await gateway.store()).db.selectFrom('users').select('id').where('role', '=', 'admin');
  expect(await left.where('disabled_at', 'is', null).execute()).toHaveLength(1);
  expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
});

test('the role unit goes with a unit that is there, and nobody but an admin sees or makes people', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const make = async (role: string, unitId: string | null) =>
    (await admin.post('/api/users', { username: `a-${role}`, role, unitId })).status;
  expect(await make('unit', null)).toBe(422);
  expect(await make('operator', 'road-maintenance')).toBe(422);
  expect(await make('unit', 'nowhere')).toBe(422);
  expect(await make('unit', 'road-maintenance')).toBe(201);
  expect((await admin.post('/api/users', { username: 'Ann Lee', role: 'viewer', unitId: null })).status).toBe(
    422,
  );
  expect((await admin.post('/api/users/nobody/password')).status).toBe(404);
  const lead = await gateway.operator('shift_lead');
  expect((await lead.get('/api/users')).status).toBe(403);
  expect((await lead.post('/api/users/admin/password')).status).toBe(403);
});
