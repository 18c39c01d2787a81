import { expect, test } from 'vitest';
import { disableUser, saveUser } from '../../src/identity/users.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { call, TestOperator } from '../../testing/operator.ts';

const CLI = { name: 'system', channel: 'cli' };
const behind = (address: string) => ({ 'x-forwarded-for': `203.0.113.77, ${address}` });

async function city(http: object = {}) {
  const gateway = await testGateway({ http: { port: 0, ...http } });
  const login = (username: string, password: string, headers: Record<string, string> = {}) =>
    call(gateway.url, 'POST', '/api/session', { headers, body: { username, password } });
  return { gateway, login };
}

test('guesses from one address are limited, whatever address they claim to come from', async () => {
  const { login } = await city({ trustProxy: 1 });
  const guess = (n: number) =>
    login(`user-${n}`, 'wrong', { 'x-forwarded-for': `198.51.100.${n}, 192.0.2.9` });
  const statuses = (await Promise.all(Array.from({ length: 25 }, (_, n) => guess(n)))).map(
    ({ status }) => status,
  );
  expect(statuses.filter((status) => status === 401)).toHaveLength(20);
  expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  const slowed = await guess(25);
  expect(slowed.status).toBe(429);
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('without a proxy that is named nobody chooses their own address', async () => {
  const { login } = await city();
  const guesses = Array.from({ length: 22 }, (_, n) => login(`user-${n}`, 'wrong', behind(`192.0.2.${n}`)));
  expect((await Promise.all(guesses)).filter(({ status }) => status === 429)).toHaveLength(2);
});

test('the right password gets in from an address at which others guess', async () => {
  const { gateway, login } = await city();
  await gateway.operator();
  await Promise.all(Array.from({ length: 22 }, (_, n) => login(`user-${n}`, 'wrong')));
  expect((await login('operator', PASSWORD)).status).toBe(200);
});

test('a whole shift signs in behind one address within a minute', async () => {
  const { gateway, login } = await city();
  await gateway.operator();
  const answers = await Promise.all(Array.from({ length: 25 }, () => login('operator', PASSWORD)));
  expect(answers.map(({ status }) => status)).toEqual(Array(25).fill(200));
});

test('a stranger’s wrong passwords lock nobody out', async () => {
  const { gateway, login } = await city({ trustProxy: ['127.0.0.1'] });
  await gateway.operator();
  for (let n = 0; n < 8; n++)
    expect((await login('operator', 'wrong', behind(`192.0.2.${n}`))).status).toBe(401);
  expect((await login('operator', PASSWORD, behind('198.51.100.1'))).status).toBe(200);
});

test('no answer tells whether there is such a name, or one that is disabled', async () => {
  const { gateway, login } = await city({ trustProxy: 1 });
  await gateway.operator('operator', 'ann');
  await gateway.operator('operator', 'bob');
  await disableUser(await gateway.store(), 'bob', CLI);
  const told = async (name: string, net: string) => {
    const answers = [];
    for (let n = 0; n < 7; n++) answers.push(await login(name, 'wrong', behind(`${net}.${n}`)));
    return answers.map(({ status, body }) => [status, body.detail]);
  };
  const [ann, bob, nobody] = await Promise.all([
    told('ann', '192.0.2'),
    told('bob', '198.51.100'),
    told('no-such', '203.0.113'),
  ]);
  expect(bob).toEqual(ann);
  expect(nobody).toEqual(ann);
});

test('two hundred logins at once: the bound is said, and everything else is answered meanwhile', async () => {
  const { gateway, login } = await city({ trustProxy: 1 });
  const operator = await gateway.operator();
  let done = false;
  const flood = Promise.all(
    Array.from({ length: 200 }, (_, n) => login(`no-such-${n}`, 'x'.repeat(200), behind(`10.0.${n}.1`))),
  ).finally(() => {
    done = true;
  });
  let answered = 0;
  while (!done && answered < 20) {
    expect((await operator.get('/api/alerts')).status).toBe(200);
    answered += 1;
  }
  expect(answered).toBeGreaterThan(3);
  const answers = await flood;
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
  const turnedAway = answers.find(({ status }) => status === 503);
  expect(turnedAway?.headers.get('retry-after')).toBe('5');
});

test('failed logins are in the audit, counted, and names that nobody has are not', async () => {
  const { gateway, login } = await city();
  await gateway.operator();
  await Promise.all([
    ...Array.from({ length: 3 }, () => login('operator', 'wrong')),
    ...Array.from({ length: 4 }, () => login('hunter2-my-password', 'wrong')),
  ]);
  await gateway.stop();
  const store = await gateway.store();
  const rows = await store.db
    .selectFrom('audit_log')
    .select(['subject', 'after'])
    .where('action', '=', 'login.failed')
    .execute();
  const counted = (subject: string) =>
    rows
      .filter((row) => row.subject === subject)
      .reduce((sum, { after }) => sum + JSON.parse(after ?? '{}').failures, 0);
  expect([counted('user:operator'), counted('user:?')]).toEqual([3, 4]);
  expect(JSON.stringify(rows)).not.toContain('hunter2');
});

test.each<['a new password' | 'another role' | 'being disabled']>([
  ['a new password'],
  ['another role'],
  ['being disabled'],
])('a session ends with %s', async (what) => {
  const { gateway } = await city();
  const operator = await gateway.operator('operator', 'ann');
  const store = await gateway.store();
  if (what === 'being disabled') await disableUser(store, 'ann', CLI);
  else {
    const [password, role] =
      what === 'a new password' ? (['another one', 'operator'] as const) : ([PASSWORD, 'viewer'] as const);
    await saveUser(store, { username: 'ann', password, role, unitId: null }, CLI);
  }
  expect((await operator.get('/api/me')).status).toBe(401);
  if (what === 'another role') await TestOperator.login(gateway.url, 'ann', PASSWORD);
});
