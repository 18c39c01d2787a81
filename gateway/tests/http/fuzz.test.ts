/** Every route of the OpenAPI document, called with what its schema allows, what it forbids, and what nobody thought of. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import type { Store } from '../../src/store/database.ts';
import { testGateway } from '../../testing/gateway.ts';
import {
  bodyOf,
  type Call,
  callOf,
  HOSTILE,
  headerText,
  type Operation,
  textOf,
} from '../../testing/made-calls.ts';
import { call } from '../../testing/operator.ts';

const RUNS = 20;
/** The same calls each time; `npm run test:long` makes up others. */
const seed = process.env.ROADWATCH_LONG === '1' ? Date.now() : 20_261_123;
/** They end or begin the session that the calls are made with. */
const OWN_SESSION = new Set(['post /api/session', 'delete /api/session']);

async function send(
  base: string,
  method: string,
  template: string,
  input: Call,
  headers: Record<string, string>,
) {
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) =>
    // A part of dots alone would be taken for a step up the path before it is sent.
    encodeURIComponent(textOf(input.path[name]).toWellFormed()).replace(/^\.+$/, 'dots'),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query)) query.set(name, textOf(value));
  const given = Object.entries(input.headers).map(([name, value]) => [name, headerText(value)]);
  const hasBody = method !== 'get' && method !== 'head' && input.body !== undefined;
  const answer = await fetch(new URL(`${path}?${query}`, base), {
    method: method.toUpperCase(),
    headers: {
      ...Object.fromEntries(given),
      ...headers,
      ...(hasBody ? { 'content-type': input.type } : {}),
    },
    ...(hasBody ? { body: bodyOf(input) } : {}),
  });
  const type = answer.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) {
    await answer.body?.cancel();
    return { status: answer.status, type, text: '' };
  }
  return { status: answer.status, type, text: await answer.text() };
}

/** A problem document, or what GeoReport v2 has instead. */
function expectRefusal(template: string, { status, type, text }: Awaited<ReturnType<typeof send>>): void {
  if (template.startsWith('/open311/')) {
    if (type.startsWith('text/xml')) expect(text).toMatch(/<errors>\s*<error>/);
    else expect(JSON.parse(text)).toMatchObject([{ code: status, description: expect.stringMatching(/\w/) }]);
    return;
  }
  expect(type, `${template}: ${status}`).toMatch(/^application\/problem\+json/);
  expect(JSON.parse(text)).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
}

/** What people have done, which a refused request must leave as it is; the gateway's own work goes on meanwhile. */
async function done(store: Store): Promise<string> {
  const audit = await store.db
    .selectFrom('audit_log')
    .select((row) => row.fn.max('seq').as('seq'))
    .where('actor', '!=', 'system')
    // That somebody tried a wrong password is kept on purpose; a backup goes on after its answer.
    .where('action', 'not in', ['login.failed', 'backup.made'])
    .executeTakeFirst();
  const tables = [
    'tickets',
    'crew_links',
    'unit_messages',
    'users',
    'sessions',
    'agents',
    'ticket_photos',
    'api_tokens',
    'citizen_reports',
  ] as const;
  const counts = await Promise.all(
    tables.map((table) =>
      store.db
        .selectFrom(table)
        .select((row) => row.fn.countAll().as('count'))
        .executeTakeFirst(),
    ),
  );
  return JSON.stringify([audit, counts]);
}

async function city() {
  const gateway = await testGateway({ open311: { enabled: true } });
  const agent = await gateway.agent();
  const admin = await gateway.operator('admin', 'fuzz');
  for (const camera of ['a', 'b', 'c', 'd', 'e', 'f']) await agent.report({ camera });
  const path = await admin.dispatch();
  const alerts = (await admin.get('/api/alerts')).body.items as { id: string }[];
  const ids = [
    path.split('/').at(-1) as string,
    ...alerts.map(({ id }) => id),
    'road-maintenance',
    'pothole',
  ];
  const { paths } = (await call(gateway.url, 'GET', '/docs/json')).body as {
    paths: Record<string, Record<string, Operation>>;
  };
  const routes = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ template, method, operation })),
  );
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const wanted = { name: 'fuzz', scopes: ['requests:write'], expiresAt };
  const { token } = (await admin.post('/api/tokens', wanted)).body;
  /** Whoever may call the route. */
  const callerOf = (template: string) =>
    template.startsWith('/open311/') ? { authorization: `Bearer ${token}` } : admin.headers;
  return { gateway, admin, ids, routes, callerOf };
}

test('no call, however made up, ends in an error of the gateway, and what is refused is refused in words and changes nothing', async () => {
  const { gateway, ids, routes, callerOf } = await city();
  const store = await gateway.store();
  const answered = new Set<number>();
  for (const { template, method, operation } of routes) {
    if (OWN_SESSION.has(`${method} ${template}`)) continue;
    await fc.assert(
      fc.asyncProperty(callOf(operation, ids), async (input) => {
        const before = await done(store);
        const answer = await send(gateway.url, method, template, input, callerOf(template));
        expect(answer.status, `${method} ${template}: ${answer.text}`).toBeLessThan(500);
        answered.add(answer.status);
        if (answer.status < 400) return;
        expectRefusal(template, answer);
        expect(await done(store), `${method} ${template}: refused, yet something changed`).toBe(before);
      }),
      { numRuns: RUNS, endOnFailure: true, seed },
    );
  }
  // Otherwise it has not been everywhere.
  for (const status of [200, 404, 409, 422]) expect(answered).toContain(status);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

function isOtherAddress({ path }: Call): boolean {
  return Object.values(path).some((value) => {
    const text = textOf(value);
    return text === '' || text.length > 90 || /[%/\\\p{Cc}]/u.test(text);
  });
}

test('nobody gets further than the login without one', async () => {
  const { gateway, ids, routes } = await city();
  for (const { template, method, operation } of routes)
    await fc.assert(
      fc.asyncProperty(callOf(operation, ids), async (input) => {
        const answer = await send(gateway.url, method, template, input, {});
        const said = `${method} ${template}: ${answer.text}`;
        if (operation.security === undefined) expect(answer.status, said).toBeLessThan(500);
        // A part of the path that is empty or too long for the router makes it another address, where nothing is.
        else if (isOtherAddress(input)) expect([400, 401, 404, 414], said).toContain(answer.status);
        else expect(answer.status, said).toBe(401);
        if (answer.status >= 400) expectRefusal(template, answer);
      }),
      { numRuns: 3, endOnFailure: true, seed },
    );
  expect(routes.filter(({ operation }) => operation.security !== undefined).length).toBeGreaterThan(25);
});

test('a text of any characters comes back as it was given, or is refused, and the audit stays whole', async () => {
  const { gateway, admin, ids } = await city();
  // The newest has a ticket.
  const alert = ids[2] as string;
  for (const note of HOSTILE) {
    const answer = await admin.post(`/api/alerts/${alert}/reject`, { reason: 'other', note });
    if (note.includes('\u0000') || !note.isWellFormed()) {
      expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringContaining('note') } });
      continue;
    }
    expect(answer).toMatchObject({ status: 200, body: { note } });
    await admin.post(`/api/alerts/${alert}/undo`);
  }
  expect(await verifyAudit(await gateway.store())).toMatchObject({ ok: true });
});

test('what is no request of the API at all is refused as a problem, too', async () => {
  const { gateway, admin } = await city();
  const json = { 'content-type': 'application/json' };
  const calls: [string, RequestInit][] = [
    ['/api/session', { method: 'POST', headers: json, body: '{"a":' }],
    ['/api/session', { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<xml/>' }],
    [
      '/api/session',
      { method: 'POST', headers: json, body: JSON.stringify({ username: 'x'.repeat(300_000) }) },
    ],
    ['/api/alerts/%E0%A4%A', {}],
    [`/api/alerts/${'x'.repeat(5000)}`, {}],
    ['/api/alerts', { method: 'PATCH' }],
  ];
  for (const [path, init] of calls) {
    const headers = { ...admin.headers, ...(init.headers as Record<string, string> | undefined) };
    const answer = await fetch(new URL(path, gateway.url), { ...init, headers });
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
    expect(answer.status, path).toBeLessThan(500);
    expect(answer.headers.get('content-type'), path).toMatch(/^application\/problem\+json/);
  }
});
