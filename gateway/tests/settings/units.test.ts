/** Units as admins make them: areas, ways of delivery with secrets that nobody sees again, contacts, and what must hold of all of them. */
import { expect, test } from 'vitest';
import { purgeAreas } from '../../src/settings/areas.ts';
import { TestBureau } from '../../testing/bureau.ts';
import { testGateway } from '../../testing/gateway.ts';
import { type Answer, call, type TestOperator } from '../../testing/operator.ts';

const UNITS = '/api/settings/units';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEW = {
  ...{
    id: 'north',
    name: { en: 'North', zh: '北区' },
    default: false,
    classes: null,
    area: null,
    contacts: [],
  },
  channel: { kind: 'desk' },
};

interface Change {
  readonly id?: string;
  readonly [key: string]: unknown;
}

/** With one more unit, or one changed; null: without it. */
async function save(admin: TestOperator, id: string, change: Change | null): Promise<Answer> {
  const { version, document } = (await admin.get(UNITS)).body;
  const others = document.units.filter((unit: { id: string }) => unit.id !== id);
  const known = document.units.find((unit: { id: string }) => unit.id === id);
  const { hasSecret: _, ...channel } = known?.channel ?? NEW.channel;
  const units = change === null ? others : [...others, { ...NEW, ...known, id, channel, ...change }];
  const { base, headers } = admin;
  const sent = units.map((unit: { channel: { hasSecret?: boolean } }) => {
    const { hasSecret: __, ...rest } = unit.channel;
    return { ...unit, channel: rest };
  });
  return call(base, 'PUT', UNITS, { headers, body: { version, document: { units: sent } } });
}

const square = (west: number, south: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west, south + 0.5],
      [west + 0.5, south + 0.5],
      [west + 0.5, south],
      [west, south],
    ],
  ],
});

test('a unit made with an area gets the tickets of that area at once', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const agent = await gateway.agent();
  const sent = (await admin.post('/api/settings/areas', square(120, 30))).body;
  expect(sent).toMatchObject({ points: 5, mended: ['direction'] });
  const area = { sha256: sent.sha256, points: sent.points };
  expect((await save(admin, 'north', { area })).status).toBe(200);
  await agent.report({ camera: 'a', position: { latitude: 30.2, longitude: 120.2 } });
  expect((await admin.get('/api/alerts?state=new')).body.items).toMatchObject([{ unitId: 'north' }]);
  expect((await admin.get('/api/units')).body.items).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ id: 'north', hasArea: true })]),
  );
  expect((await admin.get(`/api/settings/areas/${area.sha256}`)).body).toMatchObject({
    type: 'MultiPolygon',
  });
});

test('an area given to a unit is on the map at once', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const before = (await admin.get('/api/map/ground')).body;
  expect(before).toMatchObject({ areas: false });
  const { sha256, points } = (await admin.post('/api/settings/areas', square(120, 30))).body;
  expect((await save(admin, 'north', { area: { sha256, points } })).status).toBe(200);
  const after = (await admin.get('/api/map/ground')).body;
  expect(after).toMatchObject({ areas: true, bounds: expect.anything() });
  expect(after.version).not.toBe(before.version);
  expect((await admin.get('/api/map/ground/areas')).body.features).toHaveLength(1);
});

test.each([
  [
    'crosses itself',
    {
      type: 'Polygon',
      coordinates: [
        [
          [120, 30],
          [121, 31],
          [121, 30],
          [120, 32],
          [120, 30],
        ],
      ],
    },
    'area_crosses_itself',
  ],
  ['lies on Null Island', square(0, 0), 'area_null_island'],
  ['is in metres', square(505_000, 3_345_000), 'area_out_of_range'],
  ['is a point', { type: 'Point', coordinates: [120, 30] }, 'area_type_unknown'],
])('an area that %s is refused by name', async (_name, geojson, code) => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  expect((await admin.post('/api/settings/areas', geojson)).body).toMatchObject({ status: 422, code });
});

test.each([
  [
    'of 50 MB',
    `{"type":"Polygon","coordinates":[[${'[120.123456,30.123456],'.repeat(2_200_000)}[1,1]]]}`,
    413,
  ],
  [
    'nested without end',
    `{"type":"Polygon","coordinates":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
    422,
  ],
  ['cut off', '{"type":"Polygon","coordinates":[[[120,30]', 400],
])('an area %s is refused, and the gateway goes on', async (_name, body, status) => {
  const gateway = await testGateway();
  const { base, headers } = await gateway.operator('admin');
  const answer = await fetch(new URL('/api/settings/areas', base), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(status);
});

test('a secret is used and never shown, in no answer, version, entry of the audit, log or row of the store', async () => {
  const bureau = await TestBureau.start();
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const { url, secret } = bureau.unit.webhook;
  const withLogin = url.replace('http://', 'http://roads:hunter2@');
  const saved = await save(admin, 'north', { channel: { kind: 'webhook', url: withLogin, secret } });
  expect(saved.body.document.units.at(-1).channel).toEqual({ kind: 'webhook', url, hasSecret: true });
  expect((await admin.post(`${UNITS}/north/test`)).body).toMatchObject({ ok: true });
  expect(bureau.orders.at(-1)).toMatchObject({ genuine: true, body: { test: true } });
  // What is not sent anew is kept.
  expect((await save(admin, 'north', { name: { en: 'Up north', zh: '北区' } })).status).toBe(200);
  expect((await admin.post(`${UNITS}/north/test`)).body).toMatchObject({ ok: true });
  const store = await gateway.store();
  const said = JSON.stringify([
    await store.db.selectFrom('settings_versions').selectAll().execute(),
    await store.db.selectFrom('settings_secrets').selectAll().execute(),
    await store.db.selectFrom('audit_log').selectAll().execute(),
    (await admin.get(`${UNITS}/versions`)).body,
    (await admin.get(UNITS)).body,
    gateway.lines,
  ]);
  expect(said).not.toContain('hunter2');
  expect(said).not.toContain(secret);
  expect(said).not.toContain(Buffer.from(secret).toString('base64'));
});

test('a secret goes to no other server than the one that it was entered for', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const channel = {
    kind: 'open311',
    format: 'json',
    jurisdictionId: null,
    serviceCode: null,
    serviceCodes: {},
    pollSeconds: 60,
  };
  const first = { ...channel, url: 'https://bureau.example.org/v2', secret: 'key' };
  expect((await save(admin, 'north', { channel: first })).status).toBe(200);
  expect(
    (await save(admin, 'north', { channel: { ...channel, url: 'https://bureau.example.org/v3' } })).status,
  ).toBe(200);
  expect(
    (await save(admin, 'north', { channel: { ...channel, url: 'https://elsewhere.example/v2' } })).body,
  ).toMatchObject({
    status: 422,
    fields: [{ path: 'units.north.channel.secret' }],
  });
});

test('every field of a unit that cannot be is named', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const fieldsOf = async (change: Change) =>
    ((await save(admin, 'north', change)).body.fields ?? []).map(({ path }: { path: string }) => path);
  expect(await fieldsOf({ channel: { kind: 'webhook', url: 'ftp://x/yyyyy', secret: 'short' } })).toEqual([
    'units.north.channel.url',
    'units.north.channel.secret',
  ]);
  expect(await fieldsOf({ channel: { kind: 'mail', to: ['duty@example.org'], from: null } })).toEqual([
    'units.north.channel.kind',
  ]);
  expect(await fieldsOf({ default: true })).toEqual(['units.north.default']);
  expect(await fieldsOf({ area: { sha256: 'a'.repeat(64), points: 5 } })).toEqual(['units.north.area']);
  expect(await fieldsOf({ contacts: [{ name: 'Li', telephone: null, email: 'not an address' }] })).toEqual([
    'units.north.contacts.0.email',
  ]);
  expect((await save(admin, 'north', { id: 'North!' })).status).toBe(422);
  expect((await save(admin, 'road-maintenance', null)).status).toBe(422);
});

test('a unit with open tickets or people stays, one without goes, and can be put back', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  await save(admin, 'north', {});
  await save(admin, 'south', {});
  await (await gateway.agent()).report();
  await admin.dispatch({ unitId: 'north' });
  await gateway.operator('unit', 'sue', 'south');
  for (const id of ['north', 'south'])
    expect((await save(admin, id, null)).body).toMatchObject({ status: 409, code: 'unit_in_use' });
  await save(admin, 'west', {});
  expect((await save(admin, 'west', null)).status).toBe(200);
  const names = async () => (await admin.get('/api/units')).body.items.map(({ id }: { id: string }) => id);
  expect(await names()).not.toContain('west');
  const { version } = (await admin.get(UNITS)).body;
  expect((await admin.post(`${UNITS}/undo`, { version, to: version - 1 })).status).toBe(200);
  expect(await names()).toContain('west');
});

test('without the key file the secrets are lost, which is said, and the unit works on the desk until they are entered again', async () => {
  const bureau = await TestBureau.start();
  const gateway = await testGateway({ units: [bureau.unit] });
  const admin = await gateway.operator('admin');
  const id = bureau.unit.id;
  expect((await admin.get(UNITS)).body.document.units[0].channel.hasSecret).toBe(true);
  await gateway.stop();
  const store = await gateway.store();
  await store.transaction(async (tx) => {
    await tx.db.updateTable('settings_secrets').set({ key_id: 'another' }).execute();
  });
  await gateway.start();
  expect(gateway.lines).toContainEqual(expect.objectContaining({ level: 50, units: [id] }));
  const again = await gateway.operator('admin', 'again');
  expect((await again.get(UNITS)).body.document.units[0].channel.hasSecret).toBe(false);
  const channel = { kind: 'webhook', url: bureau.unit.webhook.url, secret: SECRET };
  expect((await save(again, id, { channel })).body.document.units[0].channel.hasSecret).toBe(true);
});

test('an area that was sent and never saved goes after a day; one of an earlier version stays, for it may be put back', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const sent = async (west: number) => {
    const { sha256, points } = (await admin.post('/api/settings/areas', square(west, 30))).body;
    return { sha256, points };
  };
  const [earlier, unsaved, late] = [await sent(120), await sent(121), await sent(122)];
  expect((await save(admin, 'north', { area: earlier })).status).toBe(200);
  expect((await save(admin, 'north', { area: null })).status).toBe(200);
  const store = await gateway.store();
  const age = (names: readonly string[]) =>
    store.transaction((tx) =>
      tx.db
        .updateTable('settings_areas')
        .set({ at: tx.at - 48 * 3_600_000 })
        .where('sha256', 'in', names)
        .execute(),
    );
  await age([earlier.sha256, unsaved.sha256]);
  expect(await purgeAreas(store)).toBe(1);
  const there = async ({ sha256 }: { sha256: string }) =>
    (await admin.get(`/api/settings/areas/${sha256}`)).status;
  expect([await there(earlier), await there(unsaved), await there(late)]).toEqual([200, 404, 200]);
  // Sent again, it has its day anew.
  await age([late.sha256]);
  await sent(122);
  expect(await purgeAreas(store)).toBe(0);
});
