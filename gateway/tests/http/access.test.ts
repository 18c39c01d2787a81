/** Nobody gets in by spelling an address in another way: every route of the router, as everybody, against the written table. */

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { ROLES, type Role, SCOPES, type Scope } from '@roadwatch/contract/api';
import fastify from 'fastify';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { CITY, DESK, declareAccess, EVERYBODY, tableText } from '../../src/http/access.ts';
import { fullConfig, listRoutes } from '../../src/http/list-routes.ts';
import { createToken } from '../../src/identity/tokens.ts';
import { testGateway } from '../../testing/gateway.ts';

const WRITTEN = readFileSync(new URL('../../../docs/routes.md', import.meta.url), 'utf8');
const GROUPS: Readonly<Record<string, readonly Role[]>> = { everybody: EVERYBODY, city: CITY, desk: DESK };

interface Written {
  readonly method: string;
  readonly url: string;
  /** Null: public. */
  readonly roles: readonly Role[] | null;
  readonly scope: Scope | null;
}

/** As the page says it, not as the program does. */
function writtenRoutes(): Written[] {
  return WRITTEN.split('\n').flatMap((line) => {
    const [, url, methods, who = '', scope = ''] = /^\| `(.+)` \| (.+) \| (.+) \| (.*) \|$/.exec(line) ?? [];
    if (url === undefined || methods === undefined) return [];
    const roles = who === 'public' ? null : (GROUPS[who] ?? (who.split(', ') as Role[]));
    return methods
      .split(' ')
      .map((method) => ({ method, url, roles, scope: scope === '' ? null : (scope as Scope) }));
  });
}

/** An address of the route, with made-up values for its parts. */
function addressOf(url: string): string {
  return url
    .replace(':sha256', 'a'.repeat(64))
    .replace(':records', 'alerts')
    .replaceAll(/:(site|agent|camera|unit)/g, 'x')
    .replaceAll(/:\w+/g, '0198b5a0-0000-7000-8000-000000000001');
}

interface Spelling {
  readonly name: string;
  readonly spell: (path: string) => string;
}
const SPELLINGS: readonly Spelling[] = [
  { name: 'as it is', spell: (path) => path },
  { name: 'a letter encoded', spell: (path) => path.replace('/api', '/%61pi') },
  { name: 'every letter encoded', spell: (path) => path.replaceAll(/[a-z]/g, encoded) },
  { name: 'encoded in lower case', spell: (path) => path.replace('i/', '%69/') },
  { name: 'encoded twice', spell: (path) => path.replace('/api', '/%2561pi') },
  { name: 'its slashes encoded', spell: (path) => `/${path.slice(1).replaceAll('/', '%2F')}` },
  { name: 'absolute', spell: (path) => `http://elsewhere.example${path}` },
  { name: 'absolute over https', spell: (path) => `https://elsewhere.example:443${path}` },
  { name: 'two slashes in front', spell: (path) => `/${path}` },
  { name: 'two slashes within', spell: (path) => path.replace('/api/', '/api//') },
  { name: 'a dot segment', spell: (path) => path.replace('/api', '/./api') },
  { name: 'dot segments up and down', spell: (path) => path.replace('/api', '/assets/../api') },
  { name: 'encoded dot segments', spell: (path) => path.replace('/api', '/assets/%2e%2e/api') },
  { name: 'a slash behind', spell: (path) => `${path}/` },
  { name: 'in capitals', spell: (path) => path.replace('/api', '/API') },
  { name: 'a query of another route', spell: (path) => `${path}?/healthz` },
  { name: 'a semicolon', spell: (path) => path.replace('/api', '/api;x=1') },
  { name: 'a fragment', spell: (path) => `${path}#/healthz` },
  { name: 'a backslash', spell: (path) => path.replace('/api/', '/api\\') },
  { name: 'a start with the query', spell: (path) => `/healthz?x=/..${path}` },
];

function encoded(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
afterAll(() => agent.destroy());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function call(
  base: string,
  method: string,
  target: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const asked = request({ agent, hostname, port, method, path: target, headers }, async (answer) => {
      const type = answer.headers['content-type'] ?? '';
      // A stream that is let in would never end.
      if (type.startsWith('text/event-stream')) answer.destroy();
      const body = type.startsWith('text/event-stream') ? '' : await text(answer);
      resolve({ status: answer.statusCode as number, type, body });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const START_PAGE = '<!doctype html><title>Roadwatch</title>';

/** What says nothing: the refusal, that nothing is there, or a file that anybody may have. */
function tellsNothing(answer: Answer, refusal: number, method: string): boolean {
  if (answer.status === refusal || answer.status === 404 || answer.status === 400)
    return method === 'HEAD' || /problem\+json|text\/plain/.test(answer.type) || isCrewPage(answer);
  return answer.status === 200 && (method === 'HEAD' || answer.body === START_PAGE || isHealth(answer));
}
function isCrewPage({ type, body }: Answer): boolean {
  return type.startsWith('text/html') && body.includes('page.css');
}
function isHealth({ body }: Answer): boolean {
  return body.startsWith('{"status":');
}

async function city() {
  const oidc = fullConfig().oidc as object;
  const gateway = await testGateway({
    open311: { enabled: true },
    oidc: { ...oidc, clientSecret: 'x', issuer: 'http://127.0.0.1:9' },
  });
  const store = await gateway.store();
  const people = new Map<Role, Record<string, string>>();
  for (const role of ROLES) {
    const unit = role === 'unit' ? 'road-maintenance' : null;
    people.set(role, (await gateway.operator(role, `the-${role.replace('_', '-')}`, unit)).headers);
  }
  const tokens = new Map<Scope, Record<string, string>>();
  for (const scope of SCOPES) {
    const name = scope.replace(':', '-');
    const expiresAt = store.now() + 3_600_000;
    const actor = { name: 'system', channel: 'cli' };
    const { token } = await createToken(store, { name, scopes: [scope], expiresAt }, actor);
    tokens.set(scope, { authorization: `Bearer ${token}` });
  }
  return { gateway, people, tokens };
}

test('the written table is what the router has', async () => {
  const table = tableText(await listRoutes(fullConfig(), pino({ level: 'silent' })));
  expect(WRITTEN.slice(WRITTEN.indexOf('| route |'))).toBe(table);
});

test('a route that does not say who may call it cannot be registered', async () => {
  const server = fastify();
  declareAccess(server, { '/docs': 'public' });
  const handler = async () => 'x';
  expect(() => server.get('/secret', handler)).toThrow(/GET \/secret: declares no access/);
  expect(() => server.get('/secret', { config: { access: [] } }, handler)).toThrow(
    /access: {2}is not allowed/,
  );
  expect(() => server.get('/docsx', handler)).toThrow(/declares no access/);
  server.get('/docs/json', handler);
  await server.close();
});

test('nobody gets past the login in any spelling, nor somebody whose role or scope is another', {
  timeout: 180_000,
}, async () => {
  const { gateway, people, tokens } = await city();
  const strangers = (route: Written): [string, Record<string, string>, number][] => [
    ['nobody', {}, 401],
    ['a made-up session', { cookie: 'roadwatch_session=x', 'x-csrf-token': 'x' }, 401],
    ['a made-up token', { authorization: 'Bearer rw_x' }, 401],
    ...[...people]
      .filter(([role]) => route.roles?.includes(role) === false)
      .map(([role, headers]) => [role, headers, 403] as [string, Record<string, string>, number]),
    ...[...tokens]
      .filter(([scope]) => scope !== route.scope)
      .map(([scope, headers]) => [scope, headers, 403] as [string, Record<string, string>, number]),
  ];
  for (const route of writtenRoutes().filter(({ roles }) => roles !== null)) {
    const path = addressOf(route.url);
    for (const [who, headers, refusal] of strangers(route)) {
      const said = `${route.method} ${path} as ${who}`;
      expect((await call(gateway.url, route.method, path, headers)).status, said).toBe(refusal);
      for (const { name, spell } of SPELLINGS) {
        const answer = await call(gateway.url, route.method, spell(path), headers);
        expect(tellsNothing(answer, refusal, route.method), `${said}, ${name}: ${answer.status}`).toBe(true);
      }
    }
  }
});

test('whom the table lets in is let in, and what changes something needs the session’s own token', {
  timeout: 120_000,
}, async () => {
  const { gateway, people, tokens } = await city();
  for (const route of writtenRoutes().filter(({ roles, url }) => roles !== null && url !== '/api/session')) {
    const path = addressOf(route.url);
    const allowed = [
      ...[...people].filter(([role]) => route.roles?.includes(role)),
      ...[...tokens].filter(([scope]) => scope === route.scope),
    ];
    for (const [who, headers] of allowed) {
      const { status } = await call(gateway.url, route.method, path, headers);
      expect([401, 403, 500].includes(status), `${route.method} ${path} as ${who}: ${status}`).toBe(false);
    }
    if (route.method === 'GET' || route.method === 'HEAD') continue;
    for (const { name, spell } of SPELLINGS) {
      const [, { cookie = '' } = {}] = [...people].find(([role]) => route.roles?.includes(role)) ?? [];
      const answer = await call(gateway.url, route.method, spell(path), { cookie });
      expect(tellsNothing(answer, 403, route.method), `${route.method} ${path}, ${name}`).toBe(true);
    }
  }
});

test('a session does not end without its own token, however the address is spelt', async () => {
  const { gateway, people } = await city();
  const { cookie = '', ...rest } = people.get('operator') ?? {};
  for (const { spell } of SPELLINGS) await call(gateway.url, 'DELETE', spell('/api/session'), { cookie });
  expect((await call(gateway.url, 'GET', '/api/me', { cookie })).status).toBe(200);
  expect((await call(gateway.url, 'DELETE', '/api/session', { cookie, ...rest })).status).toBe(204);
  expect((await call(gateway.url, 'GET', '/api/me', { cookie })).status).toBe(401);
});
