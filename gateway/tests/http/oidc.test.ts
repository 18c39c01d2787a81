import { expect, test } from 'vitest';
import { openSession } from '../../src/identity/sessions.ts';
import { disableUser, saveUser } from '../../src/identity/users.ts';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import { testGateway } from '../../testing/gateway.ts';
import { TestBrowser, TestProvider } from '../../testing/identity-provider.ts';
import { call } from '../../testing/operator.ts';

const ANN = { sub: '1001', preferred_username: 'Ann@city.example', roles: ['staff', 'roads'] };

async function city() {
  const provider = await TestProvider.start();
  const gateway = await testGateway({ oidc: provider.oidc });
  provider.register(gateway.url);
  provider.person = ANN;
  const store = await gateway.store();
  const signIn = async (browser = new TestBrowser()) => {
    const passed = await browser.visit(new URL('/api/session/oidc', gateway.url));
    const me = await call(gateway.url, 'GET', '/api/me', { headers: { cookie: browser.cookie } });
    return { said: passed.at(-1)?.search, passed, me, browser };
  };
  const actions = async () => {
    const rows = await store.db
      .selectFrom('audit_log')
      .select(['action', 'channel'])
      .orderBy('seq')
      .execute();
    return rows.filter(({ channel }) => channel === 'oidc').map(({ action }) => action);
  };
  return { provider, gateway, store, signIn, actions };
}

test('somebody signs in at the provider and has the role that it says, from then on the one of each day', async () => {
  const { provider, gateway, store, signIn, actions } = await city();
  const { body } = await call(gateway.url, 'GET', '/api/session/ways');
  expect(body.oidc).toMatchObject({ label: { zh: '统一身份认证' }, path: '/api/session/oidc' });
  const { me, said } = await signIn();
  expect([said, me.body.user]).toMatchObject([
    '?sign-in=done',
    { username: 'ann', role: 'operator', unitId: null },
  ]);
  provider.person = { ...ANN, roles: ['crews'] };
  const later = await signIn();
  expect(later.me.body.user).toMatchObject({ id: me.body.user.id, role: 'unit', unitId: 'road-maintenance' });
  expect(await actions()).toEqual(['user.created', 'login', 'user.saved', 'login']);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

test('the session is like any other: changes need its token, and no password opens it', async () => {
  const { gateway, signIn } = await city();
  const { browser, me } = await signIn();
  const out = (headers: Record<string, string>) =>
    call(gateway.url, 'DELETE', '/api/session', { headers: { cookie: browser.cookie, ...headers } });
  expect((await out({})).status).toBe(403);
  expect((await out({ 'x-csrf-token': me.body.csrfToken })).status).toBe(204);
  for (const password of ['', ' ', 'undefined'])
    expect(
      (await call(gateway.url, 'POST', '/api/session', { body: { username: 'ann', password } })).status,
    ).not.toBe(200);
});

test.each<[string, object]>([
  ['without a role that is known here', { ...ANN, roles: ['staff'] }],
  ['without any', { sub: '1', preferred_username: 'ann' }],
  ['with a name that is none', { ...ANN, preferred_username: '../admin' }],
  ['with the name of somebody who has a password here', { ...ANN, preferred_username: 'admin' }],
])('somebody %s is refused, and nothing is made of it', async (_name, person) => {
  const { provider, store, signIn, actions } = await city();
  provider.person = person as typeof ANN;
  const { said, me } = await signIn();
  expect([said, me.status]).toEqual(['?sign-in=refused', 401]);
  expect(await store.db.selectFrom('users').select('username').execute()).toEqual([{ username: 'admin' }]);
  expect(await actions()).toEqual([]);
});

test.each<[string, object, object, string]>([
  [
    'roles nested as Keycloak has them',
    { roleClaim: 'realm_access.roles' },
    { preferred_username: 'wang.fang', realm_access: { roles: ['roads'] } },
    'wang.fang',
  ],
  [
    'roles of a client of Keycloak',
    { roleClaim: 'resource_access.roadwatch.roles' },
    { preferred_username: 'zhang.min', resource_access: { roadwatch: { roles: ['roads'] } } },
    'zhang.min',
  ],
  ['roles in one text', {}, { preferred_username: 'liu.yang', roles: 'staff roads viewer' }, 'liu.yang'],
  ['roles in one text with commas', {}, { preferred_username: 'he.yu', roles: 'staff,roads' }, 'he.yu'],
  ['a Chinese name', {}, { preferred_username: '李伟', roles: ['roads'] }, '李伟'],
  [
    'a guest of another organisation',
    {},
    { preferred_username: 'li.wei_mail.example#EXT#@city.onmicrosoft.com', roles: ['roads'] },
    'li.wei_mail.example#ext#',
  ],
  ['a name with a plus', {}, { preferred_username: 'li+wei@city.example', roles: ['roads'] }, 'li+wei'],
])('somebody with %s signs in', async (_name, settings, claims, username) => {
  const provider = await TestProvider.start();
  const gateway = await testGateway({ oidc: { ...provider.oidc, ...settings } });
  provider.register(gateway.url);
  provider.person = { sub: '1', ...claims };
  const browser = new TestBrowser();
  await browser.visit(new URL('/api/session/oidc', gateway.url));
  const me = await call(gateway.url, 'GET', '/api/me', { headers: { cookie: browser.cookie } });
  expect(me.body.user).toMatchObject({ username, role: 'operator' });
});

test('people with the same name at different domains are different people, each the same one every day', async () => {
  const { provider, signIn } = await city();
  const as = async (sub: string, name: string) => {
    provider.person = { sub, preferred_username: name, roles: ['roads'] };
    return (await signIn()).me.body.user;
  };
  const people = [
    await as('1', 'li.wei@city.example'),
    await as('2', 'li.wei@other.example'),
    await as('3', 'Li.Wei@other.example'),
  ];
  expect(people.map(({ username }) => username)).toEqual([
    'li.wei',
    'li.wei@other.example',
    expect.stringMatching(/^li\.wei-[0-9a-f]{10}$/),
  ]);
  expect(await as('1', 'renamed@city.example')).toEqual(people[0]);
  expect(await as('2', 'li.wei@city.example')).toEqual(people[1]);
});

test('sessions end when the provider takes a role away', async () => {
  const { provider, gateway, signIn } = await city();
  const before = await signIn();
  provider.person = { ...ANN, roles: ['crews'] };
  await signIn();
  const old = await call(gateway.url, 'GET', '/api/me', { headers: { cookie: before.browser.cookie } });
  expect(old.status).toBe(401);
});

test('with login.local: false no password opens anything, and sessions that one has opened are over', async () => {
  const provider = await TestProvider.start();
  const settings = { oidc: provider.oidc, login: { local: false } };
  const gateway = await testGateway(settings);
  provider.register(gateway.url);
  provider.person = ANN;
  expect(gateway.firstLogin).toBeNull();
  expect((await call(gateway.url, 'GET', '/api/session/ways')).body.password).toBe(false);
  const store = await gateway.store();
  const cli = { name: 'system', channel: 'cli' };
  const user = { username: 'chief', password: 'correct horse', role: 'admin', unitId: null } as const;
  await saveUser(store, user, cli);
  expect(
    await call(gateway.url, 'POST', '/api/session', {
      body: { username: 'chief', password: 'correct horse' },
    }),
  ).toMatchObject({ status: 403, body: { detail: expect.stringContaining('identity provider') } });
  const row = await store.db
    .selectFrom('users')
    .select('id')
    .where('username', '=', 'chief')
    .executeTakeFirstOrThrow();
  const { token } = await openSession(store, { ...user, id: row.id });
  await gateway.restart();
  const old = await call(gateway.url, 'GET', '/api/me', {
    headers: { cookie: `roadwatch_session=${token}` },
  });
  expect(old.status).toBe(401);
});

test('who was disabled here stays out, whatever the provider says', async () => {
  const { store, signIn } = await city();
  await signIn();
  await disableUser(store, 'ann', { name: 'system', channel: 'cli' });
  expect(await signIn()).toMatchObject({ said: '?sign-in=refused', me: { status: 401 } });
});

test('an answer that was forged, changed, used before or given to another browser opens nothing', async () => {
  const { provider, gateway, signIn } = await city();
  const { passed } = await signIn();
  const answered = passed.find(({ pathname }) => pathname.endsWith('/callback')) as URL;
  const failed = { said: '?sign-in=failed', me: { status: 401 } };
  const come = async (browser: TestBrowser, url: URL) => {
    const said = (await browser.visit(url)).at(-1)?.search;
    const me = await call(gateway.url, 'GET', '/api/me', { headers: { cookie: browser.cookie } });
    return { said, me };
  };
  expect(await come(new TestBrowser(), answered)).toMatchObject(failed);
  const begun = new TestBrowser();
  const first = await fetch(new URL('/api/session/oidc', gateway.url), { redirect: 'manual' });
  const [cookie = ''] = first.headers.getSetCookie();
  const kept = /^roadwatch_oidc=([^;]+)/.exec(cookie)?.[1] as string;
  expect(cookie).toMatch(/HttpOnly/);
  for (const value of [kept, '', 'e30', '%%%', Buffer.from('{"state":1}').toString('base64url')]) {
    begun.cookies.set('roadwatch_oidc', value);
    expect(await come(begun, answered)).toMatchObject(failed);
  }
  // The right state, with a code that was used before.
  const { state } = JSON.parse(Buffer.from(kept, 'base64url').toString('utf8'));
  const replayed = new URL(answered);
  replayed.searchParams.set('state', state);
  begun.cookies.set('roadwatch_oidc', kept);
  expect(await come(begun, replayed)).toMatchObject(failed);
  provider.aborts = true;
  expect(await signIn()).toMatchObject(failed);
});

test('a provider that is away keeps nobody else out, and is asked again later', async () => {
  const provider = await TestProvider.start();
  const gateway = await testGateway({ oidc: provider.oidc });
  const browser = new TestBrowser();
  const passed = await browser.visit(new URL('/api/session/oidc', gateway.url));
  expect(passed.at(-1)?.search).toBe('?sign-in=unreachable');
  expect((await (await gateway.operator()).get('/api/alerts')).status).toBe(200);
  provider.register(gateway.url);
  provider.person = ANN;
  expect((await browser.visit(new URL('/api/session/oidc', gateway.url))).at(-1)?.search).toBe(
    '?sign-in=done',
  );
});

test('without a provider there is no way to it', async () => {
  const gateway = await testGateway();
  expect((await call(gateway.url, 'GET', '/api/session/ways')).body).toEqual({ password: true, oidc: null });
  expect((await call(gateway.url, 'GET', '/api/session/oidc')).status).toBe(404);
});
