/** The city's settings: taken over from the file once, then changed by admins, at once everywhere, with every version kept. */
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Settings } from '../../src/settings/settings.ts';
import { testConfig } from '../../testing/config.ts';
import { TestGateway, testGateway } from '../../testing/gateway.ts';
import { call, type TestOperator } from '../../testing/operator.ts';

const DEADLINES = '/api/settings/deadlines';

const put = ({ base, headers }: TestOperator, path: string, body: object) =>
  call(base, 'PUT', path, { headers, body });

test('what the file says is taken over once; then the console counts, and what the file says later is told', async () => {
  const gateway = await testGateway({ clocks: { responseMinutes: 25 } });
  const admin = await gateway.operator('admin');
  const { body } = await admin.get(DEADLINES);
  expect(body).toMatchObject({ version: 1, by: 'system', document: { responseMinutes: 25 } });
  const document = { ...body.document, responseMinutes: 20 };
  expect((await put(admin, DEADLINES, { version: 1, document })).body).toMatchObject({
    version: 2,
    by: 'user:admin',
    document: { responseMinutes: 20 },
  });
  await gateway.stop();
  const settings = JSON.stringify({ dataDir: gateway.config.dataDir });
  const { parseConfig } = await import('../../src/config/config.ts');
  const ports = { http: { port: 0 }, broker: { port: 0 }, clocks: { responseMinutes: 99 } };
  const later = new TestGateway(
    parseConfig(
      JSON.stringify({
        ...JSON.parse(settings),
        ...ports,
        store: gateway.config.store.url ? { url: gateway.config.store.url.reveal() } : {},
      }),
      'gateway.yaml',
    ),
  );
  await later.start();
  try {
    const again = await later.operator('admin', 'bo');
    expect((await again.get(DEADLINES)).body.document.responseMinutes).toBe(20);
    expect(later.lines).toContainEqual(
      expect.objectContaining({
        level: 40,
        sections: ['deadlines'],
        msg: expect.stringContaining('no effect'),
      }),
    );
  } finally {
    await later.end();
  }
});

test('a deadline that is changed counts for the next ticket at once, and what runs keeps its own until recalculated', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const admin = await gateway.operator('admin');
  const minutesOf = async (path: string) => {
    const { clocks } = (await admin.get(path)).body;
    const { startedAt, deadlineAt } = clocks.find(({ kind }: { kind: string }) => kind === 'response');
    return (Date.parse(deadlineAt) - Date.parse(startedAt)) / 60_000;
  };
  await agent.report({ camera: 'a' });
  const first = await admin.dispatch();
  const { document } = (await admin.get(DEADLINES)).body;
  await put(admin, DEADLINES, { version: 1, document: { ...document, responseMinutes: 45 } });
  await agent.report({ camera: 'b' });
  const second = await admin.dispatch();
  expect([await minutesOf(first), await minutesOf(second)]).toEqual([30, 45]);
  expect((await admin.post(`${DEADLINES}/recalculate`)).body.clocks).toBe(1);
  expect(await minutesOf(first)).toBeCloseTo(45, 3);
});

test('of two admins who change the same version, the second is told by whom and when, and sees both', async () => {
  const gateway = await testGateway();
  const [ann, bo] = [await gateway.operator('admin', 'ann'), await gateway.operator('admin', 'bo')];
  const { document } = (await ann.get('/api/settings/retention')).body;
  const change = (who: TestOperator, evidenceDays: number) =>
    put(who, '/api/settings/retention', { version: 1, document: { ...document, evidenceDays } });
  expect((await change(ann, 400)).status).toBe(200);
  expect((await change(bo, 500)).body).toMatchObject({
    status: 409,
    code: 'settings_changed',
    detail: expect.stringMatching(/^user:ann made version 2 at /),
  });
  const { items } = (await bo.get('/api/settings/retention/versions')).body;
  expect(items[0]).toMatchObject({
    by: 'user:ann',
    changes: [{ path: 'evidenceDays', before: '1095', after: '400' }],
  });
  const both = await Promise.all(
    [3, 4].map(
      async (days) =>
        (
          await put(ann, '/api/settings/retention', {
            version: 2,
            document: { ...document, refusedDays: days },
          })
        ).status,
    ),
  );
  expect(both.sort()).toEqual([200, 409]);
});

test('any version can be put back, as a new one, and the audit says what changed', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const { document } = (await admin.get('/api/settings/calendar')).body;
  const workdays = ['2026-10-10'];
  await put(admin, '/api/settings/calendar', { version: 1, document: { ...document, workdays } });
  const undone = await admin.post('/api/settings/calendar/undo', { version: 2, to: 1 });
  expect(undone.body).toMatchObject({ version: 3, document: { workdays: [] } });
  expect((await admin.post('/api/settings/calendar/undo', { version: 3, to: 9 })).status).toBe(404);
  expect((await admin.post('/api/settings/calendar/undo', { version: 1, to: 1 })).status).toBe(409);
  const store = await gateway.store();
  const rows = await store.db
    .selectFrom('audit_log')
    .select(['actor', 'action', 'after'])
    .where('subject', '=', 'settings:calendar')
    .orderBy('seq')
    .execute();
  expect(rows.map(({ actor, action }) => [actor, action])).toEqual([
    ['system', 'settings.taken_over'],
    ['user:admin', 'settings.changed'],
    ['user:admin', 'settings.undone'],
  ]);
  expect(JSON.parse(rows[1]?.after as string)).toMatchObject({
    version: 2,
    changes: [{ path: 'workdays', before: null, after: '2026-10-10' }],
  });
  const page = (await admin.get('/api/settings/calendar/versions?limit=2')).body;
  expect(
    page.items.map(({ version, undoOf }: { version: number; undoOf: number }) => [version, undoOf]),
  ).toEqual([
    [3, 1],
    [2, null],
  ]);
  const rest = (await admin.get(`/api/settings/calendar/versions?limit=2&after=${page.next}`)).body;
  expect(rest).toMatchObject({ items: [{ version: 1, changes: [] }], next: null });
});

test('each wrong field is named, in both languages where no schema says it', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const sent = async (section: string, change: object) => {
    const path = `/api/settings/${section}`;
    const { version, document } = (await admin.get(path)).body;
    return (await put(admin, path, { version, document: { ...document, ...change } })).body;
  };
  expect(
    await sent('calendar', { hours: ['08:30-12:00', '11:00-17:00'], holidays: ['2026-02-30'] }),
  ).toMatchObject({
    status: 422,
    fields: [
      {
        path: 'hours.1',
        en: expect.stringContaining('begins before'),
        zh: expect.stringContaining('工作时段'),
      },
      { path: 'holidays.0', zh: expect.stringContaining('日期') },
    ],
  });
  expect(await sent('retention', { rejectedDays: 2000 })).toMatchObject({
    fields: [{ path: 'rejectedDays' }],
  });
  expect(await sent('deadlines', { responseMinutes: -1 })).toMatchObject({
    status: 422,
    detail: expect.stringContaining('responseMinutes'),
  });
  expect(await sent('escalation', { undelivered: ['king'] })).toMatchObject({ status: 422 });
  expect(await sent('codes', { eventCodes: { repair: '1' } })).toMatchObject({ status: 422 });
});

test('a change counts at the other gateway on the same store, and only an admin makes or sees one', async () => {
  const gateway = await testGateway();
  const store = await gateway.store();
  const other = await Settings.open(store, gateway.config, pino({ level: 'silent' }));
  const { ChangeFeed } = await import('../../src/store/change-feed.ts');
  const changes = await ChangeFeed.start(store, pino({ level: 'silent' }));
  const stop = other.follow(changes);
  const admin = await gateway.operator('admin');
  const { document } = (await admin.get('/api/settings/retention')).body;
  await put(admin, '/api/settings/retention', { version: 1, document: { ...document, refusedDays: 7 } });
  while (other.config.retention.refusedDays !== 7) await delay(20);
  stop();
  await changes.stop();
  const lead = await gateway.operator('shift_lead');
  expect((await lead.get('/api/settings/retention')).status).toBe(403);
  expect((await put(lead, '/api/settings/retention', { version: 2, document })).status).toBe(403);
});

test('a file alone counts where nothing has been taken over yet, as for the command line before the first start', async () => {
  const config = testConfig({ retention: { refusedDays: 9 } });
  const { openStore } = await import('../../src/main.ts');
  const store = await openStore(config, pino({ level: 'silent' }));
  const settings = await Settings.read(store, config, pino({ level: 'silent' }));
  expect(settings.config.retention.refusedDays).toBe(9);
  await store.close();
});
