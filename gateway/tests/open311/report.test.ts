import type { Scope } from '@roadwatch/contract/api';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

const PLACE = { lat: '30.2084', long: '120.2119' };

async function city() {
  const gateway = await testGateway({ open311: { enabled: true, jurisdictionId: 'binjiang' } });
  const operator = await gateway.operator('admin');
  const tokenOf = async (name: string, scope: Scope): Promise<string> => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    return (await operator.post('/api/tokens', { name, scopes: [scope], expiresAt })).body.token;
  };
  const key = await tokenOf('app', 'requests:write');
  const at = (path: string) => new URL(`/open311/v2/${path}`, gateway.url);
  const post = async (fields: Record<string, string>, format = 'json', headers = {}) => {
    const answer = await fetch(at(`requests.${format}`), {
      method: 'POST',
      headers: { 'accept-language': 'en', ...headers },
      body: new URLSearchParams(fields),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: format === 'json' ? JSON.parse(text) : null };
  };
  const report = (fields: Record<string, string> = {}, headers = {}) =>
    post({ api_key: key, service_code: 'pothole', ...PLACE, ...fields }, 'json', headers);
  const get = (path: string, as?: string) => {
    const headers = as === undefined ? {} : { authorization: `Bearer ${as}` };
    return call(gateway.url, 'GET', `/open311/v2/${path}`, {
      headers: { ...headers, 'accept-language': 'en' },
    });
  };
  return { gateway, operator, key, tokenOf, post, report, get };
}

test('what somebody reports waits in the queue, without a camera, with what was said', async () => {
  const { gateway, operator, report, get } = await city();
  const { status, body } = await report({
    description: 'Deep hole by the bus stop',
    address_string: '12 Binsheng Road',
    media_url: 'http://127.0.0.1:9/photo.jpg',
    'attribute[hazard]': 'yes',
    email: 'somebody@example.org',
  });
  expect(status).toBe(201);
  expect(body).toMatchObject([
    {
      service_request_id: expect.stringMatching(/^CR-\d{8}-000001$/),
      service_notice: expect.stringContaining('operator'),
    },
  ]);
  const [alert] = (await operator.get('/api/alerts?state=new')).body.items;
  expect(alert).toMatchObject({
    source: 'citizen',
    damageClass: 'pothole',
    camera: '',
    cameraName: { en: 'Citizen report', zh: '市民上报' },
    position: { latitude: 30.2084, longitude: 120.2119 },
    evidence: [],
    unitId: 'road-maintenance',
    report: {
      number: body[0].service_request_id,
      description: 'Deep hole by the bus stop',
      address: '12 Binsheng Road',
      mediaUrl: 'http://127.0.0.1:9/photo.jpg',
      answers: [{ code: 'hazard', answer: { en: 'Yes', zh: '是' } }],
    },
  });
  expect((await get(`tokens/${body[0].token}.json`)).body).toEqual([
    { service_request_id: body[0].service_request_id, token: body[0].token },
  ]);
  const store = await gateway.store();
  const rows = JSON.stringify(await store.db.selectFrom('citizen_reports').selectAll().execute());
  expect(rows).not.toContain('somebody@example.org');
  const entry = store.db.selectFrom('audit_log').selectAll().where('action', '=', 'alert.reported');
  expect(await entry.executeTakeFirst()).toMatchObject({ actor: 'token:app', channel: 'open311' });
});

test('the report goes the way of any alert: to a unit, with what was said, and to its end', async () => {
  const { operator, report, get } = await city();
  const [{ service_request_id: id }] = (await report({ description: 'Deep hole' })).body;
  const state = async () => (await get(`requests/${id}.json`)).body[0];
  expect(await state()).toMatchObject({ status: 'open', extended_attributes: { state: 'received' } });
  const path = await operator.dispatch();
  const ticket = (await operator.get(path)).body;
  expect(ticket).toMatchObject({ note: 'Deep hole', cameraName: { en: 'Citizen report' } });
  // Nobody can look there by a camera.
  expect(ticket.clocks.map(({ kind }: { kind: string }) => kind)).toEqual(['handover', 'response']);
  expect(await state()).toMatchObject({
    status: 'open',
    agency_responsible: 'Road maintenance',
    extended_attributes: { state: 'dispatched', ticket: ticket.number },
  });
  const move = (command: string, rest: object = {}) =>
    operator.post(`${path}/transitions`, { command, ...rest });
  for (const command of ['accept', 'arrive', 'repair']) expect((await move(command)).status).toBe(200);
  const repaired = (await operator.get(path)).body;
  expect(repaired.inspections).toEqual([]);
  expect(repaired.commands).not.toContain('inspect');
  expect((await move('inspect')).status).toBe(409);
  await move('close', { outcome: 'repaired', reason: 'seen by the crew' });
  expect(await state()).toMatchObject({ status: 'closed', extended_attributes: { outcome: 'repaired' } });
  // In a list, the report stands for its ticket.
  const list = (await get('requests.json')).body;
  expect(list.map((request: { service_request_id: string }) => request.service_request_id)).toEqual([id]);
});

test('a rejected report is closed with the reason, and open again when that is taken back', async () => {
  const { operator, report, get } = await city();
  const [{ service_request_id: id, token: alert }] = (await report()).body;
  await operator.post(`/api/alerts/${alert}/reject`, { reason: 'marking' });
  const closed = (await get('requests.json?status=closed')).body;
  expect(closed).toMatchObject([{ service_request_id: id, status_notes: 'Closed: it is a marking' }]);
  await operator.post(`/api/alerts/${alert}/undo`);
  expect((await get('requests.json?status=closed')).body).toEqual([]);
  expect((await get('requests.json?status=open')).body).toMatchObject([{ service_request_id: id }]);
});

test('a report of what a camera has seen is merged by hand, and shares the ticket', async () => {
  const { gateway, operator, report, get } = await city();
  const position = { latitude: 30.2084, longitude: 120.2119 };
  await (await gateway.agent()).report({ position });
  const [{ service_request_id: id, token: alert }] = (await report()).body;
  const [{ token: far }] = (await report({ lat: '30.9' })).body;
  const { items: near } = (await operator.get(`/api/alerts/${alert}/nearby`)).body;
  expect(near).toMatchObject([{ source: 'camera', metres: expect.any(Number) }]);
  expect((await operator.get(`/api/alerts/${near[0].id}/nearby`)).body.items).toMatchObject([{ id: alert }]);
  const into = near[0].id;
  expect((await operator.post(`/api/alerts/${far}/merge`, { into })).status).toBe(422);
  expect((await operator.post(`/api/alerts/${alert}/merge`, { into })).status).toBe(200);
  const { ticketId } = (await operator.post(`/api/alerts/${into}/confirm`)).body;
  await operator.until(`/api/tickets/${ticketId}`, (ticket) => ticket.state === 'dispatched');
  expect((await get(`requests/${id}.json`)).body[0].extended_attributes.state).toBe('dispatched');
});

test('what was said is shown to the one who sent it in, and to nobody else outside', async () => {
  const { key, tokenOf, report, get } = await city();
  const said = {
    description: 'Call me: 13800000000',
    address_string: 'My house',
    media_url: 'https://x.org/1',
  };
  const [{ service_request_id: id }] = (await report(said)).body;
  expect((await get(`requests/${id}.json`, key)).body[0]).toMatchObject({
    description: said.description,
    address: said.address_string,
    media_url: said.media_url,
  });
  const other = await tokenOf('other', 'requests:write');
  for (const who of [undefined, other]) {
    const [request] = (await get(`requests/${id}.json`, who)).body;
    expect(request).toMatchObject({ description: 'Pothole (坑槽)', lat: 30.2084 });
    expect(JSON.stringify(request)).not.toMatch(/13800000000|My house|x\.org/);
  }
});

test('the same report sent again under the same key is one report', async () => {
  const { operator, report } = await city();
  const headers = { 'idempotency-key': 'order-1' };
  const answers = await Promise.all([1, 2, 3].map(() => report({}, headers)));
  expect(new Set(answers.map(({ body }) => body[0].service_request_id)).size).toBe(1);
  await report();
  expect((await operator.get('/api/alerts')).body.items).toHaveLength(2);
});

test('hostile text comes back whole in JSON, and in XML that every parser can read', async () => {
  const { gateway, key, report, get } = await city();
  const hostile = [
    `<script>alert("x")</script>`,
    ']]><!-- --><?xml?>&amp;&lt;&#0;',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    `"'><request><status>closed</status></request>`,
    'bell \u0007 and \u000b and \ufffe and \u{1f573} 坑',
  ];
  for (const description of hostile) {
    const [{ service_request_id: id }] = (await report({ description, address_string: description })).body;
    expect((await get(`requests/${id}.json`, key)).body[0].description).toBe(description);
    const { body } = await get(`requests/${id}.xml`, key);
    expect(XMLValidator.validate(body)).toBe(true);
    expect(body).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    const { request } = new XMLParser({ trimValues: false }).parse(body).service_requests;
    expect(request).toMatchObject({ status: 'open' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what XML cannot hold
    const kept = description.replace(/[\u0000-\u001f\ufffe]/g, '\ufffd');
    expect(request.description).toBe(kept);
  }
  expect(await verifyAudit(await gateway.store())).toMatchObject({ ok: true });
});

test.each<[string, Record<string, string>, number, RegExp]>([
  ['no key', { api_key: '' }, 403, /api_key|token/],
  ['an unknown key', { api_key: 'rwt_x' }, 403, /not known/],
  ['no service', { service_code: '' }, 404, /^service_code: /],
  ['an unknown service', { service_code: 'volcano' }, 404, /^service_code: /],
  ['another jurisdiction', { jurisdiction_id: 'elsewhere' }, 404, /^jurisdiction_id: /],
  ['no place', { lat: '', long: '' }, 400, /^lat: needs lat and long, or address_string/],
  ['half a place', { long: '' }, 400, /^long: is missing/],
  ['no degrees', { lat: '30N' }, 400, /^lat: expected degrees from -90 to 90/],
  ['too far north', { lat: '91' }, 400, /^lat: /],
  ['a script for an address', { media_url: 'javascript:alert(1)' }, 400, /^media_url: expected an http/],
  ['too long a text', { description: 'x'.repeat(4001) }, 400, /^description: /],
  ['a text that no store keeps', { description: 'a\u0000b' }, 400, /^description: /],
  ['an unknown question', { 'attribute[colour]': 'red' }, 400, /^attribute\[colour\]: /],
  ['an unknown answer', { 'attribute[size]': 'toString' }, 400, /^attribute\[size\]: expected one of hand/],
])(
  '%s is refused in the form of the specification, and nothing is kept',
  async (_name, wrong, status, why) => {
    const { operator, key, post, report } = await city();
    expect(await report(wrong)).toMatchObject({
      status,
      body: [{ code: status, description: expect.stringMatching(why) }],
    });
    const xml = await post({ api_key: key, service_code: 'pothole', ...PLACE, ...wrong }, 'xml');
    expect(xml.status).toBe(status);
    expect(new XMLParser().parse(xml.text).errors.error.code).toBe(status);
    expect((await operator.get('/api/alerts')).body.items).toEqual([]);
  },
);

test('a token without the scope, JSON instead of a form, and paths that do not exist are refused in the same form', async () => {
  const { gateway, tokenOf, report, get } = await city();
  const reader = await tokenOf('reader', 'alerts:read');
  expect((await report({ api_key: reader })).body[0].description).toMatch(/has not the scope requests:write/);
  expect((await get('requests.json', 'rwt_unknown')).body).toMatchObject([{ code: 403 }]);
  const json = await call(gateway.url, 'POST', '/open311/v2/requests.json', { body: { service_code: 'x' } });
  expect(json).toMatchObject({ status: 415, body: [{ code: 415 }] });
  expect(await get('nothing.json')).toMatchObject({ status: 404, body: [{ code: 404 }] });
  expect((await get('services.yaml')).status).toBe(400);
  expect((await get('tokens/none.json')).status).toBe(404);
});

test('a service says what is asked, alike in JSON and XML', async () => {
  const { get } = await city();
  const { body } = await get('services/pothole.json');
  expect(body.attributes[0]).toMatchObject({
    code: 'hazard',
    datatype: 'singlevaluelist',
    required: false,
    values: [
      { key: 'yes', name: 'Yes' },
      { key: 'no', name: 'No' },
    ],
  });
  const xml = new XMLParser().parse((await get('services/pothole.xml')).body).service_definition;
  expect(xml.attributes.attribute[0].values.value[1]).toEqual({ key: 'no', name: 'No' });
  expect(xml.attributes.attribute).toHaveLength(body.attributes.length);
});

test('a list spans 90 days: of a start alone those after it, of more the caller is told', async () => {
  const { report, get } = await city();
  await report();
  const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
  const found = async (query: string) => (await get(`requests.json?${query}`)).body.length;
  expect(await found(`start_date=${days(-89)}`)).toBe(1);
  expect(await found(`start_date=${days(-200)}`)).toBe(0);
  expect(await found(`end_date=${days(-1)}`)).toBe(0);
  expect(await found(`start_date=${days(-1)}&service_code=anomaly`)).toBe(0);
  expect(await get(`requests.json?start_date=${days(-200)}&end_date=${days(0)}`)).toMatchObject({
    status: 400,
    body: [{ description: expect.stringMatching(/90 days/) }],
  });
});
