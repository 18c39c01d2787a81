import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

const OPEN = { open311: { enabled: true, jurisdictionId: 'binjiang', eventCodes: { pothole: '0401' } } };

async function city() {
  const gateway = await testGateway(OPEN);
  const agent = await gateway.agent();
  for (const camera of ['a', 'b'])
    await agent.report({ camera, position: { latitude: 30.2, longitude: 120.2 } });
  const operator = await gateway.operator();
  const { items } = (await operator.get('/api/alerts')).body;
  const tickets = [];
  for (const { id } of items) {
    const { ticketId } = (await operator.post(`/api/alerts/${id}/confirm`)).body;
    tickets.push(await operator.until(`/api/tickets/${ticketId}`, (ticket) => ticket.state === 'dispatched'));
  }
  const get = (path: string, language = 'en') =>
    call(gateway.url, 'GET', `/open311/${path}`, { headers: { 'accept-language': language } });
  return { operator, tickets, get };
}

test('another system finds the services and the requests, in JSON and in XML alike', async () => {
  const { tickets, get } = await city();
  const { endpoints } = (await get('discovery.json')).body;
  expect(endpoints[0]).toMatchObject({
    specification: 'http://wiki.open311.org/GeoReport_v2',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d+\/open311\/v2$/),
  });
  const services = (await get('v2/services.json', 'zh')).body;
  expect(services).toContainEqual(
    expect.objectContaining({ service_code: 'pothole', service_name: '坑槽', metadata: true }),
  );
  const { body } = await get('v2/requests.json?status=open');
  const numbers = tickets.map(({ number }) => number).sort();
  expect(body.map((request: { service_request_id: string }) => request.service_request_id).sort()).toEqual(
    numbers,
  );
  const [request] = (await get(`v2/requests/${numbers[0]}.json`)).body;
  expect(request).toMatchObject({
    status: 'open',
    service_code: 'pothole',
    agency_responsible: 'Road maintenance',
    lat: 30.2,
    long: 120.2,
    extended_attributes: { state: 'dispatched', damage_code: 'D40', event_code: '0401' },
  });
  const xml = await get(`v2/requests/${numbers[0]}.xml`);
  expect(xml.headers.get('content-type')).toContain('text/xml');
  const parsed = new XMLParser({ parseTagValue: false }).parse(xml.body).service_requests.request;
  expect(parsed).toMatchObject({
    service_request_id: request.service_request_id,
    lat: '30.2',
    status: 'open',
  });
});

test('a cancelled ticket is closed, with what it came to', async () => {
  const { operator, tickets, get } = await city();
  await operator.post(`/api/tickets/${tickets[0].id}/transitions`, { command: 'cancel', reason: 'twice' });
  const { body } = await get('v2/requests.json?status=closed');
  expect(body).toMatchObject([
    { service_request_id: tickets[0].number, extended_attributes: { state: 'cancelled' } },
  ]);
});

test('what cannot be understood is refused in the form of the specification', async () => {
  const { get } = await city();
  expect(await get('v2/requests.json?status=gone')).toMatchObject({
    status: 400,
    body: [{ code: 400, description: expect.stringMatching(/^status: /) }],
  });
  expect((await get('v2/requests.json?start_date=yesterday')).status).toBe(400);
  expect((await get('v2/requests.json?jurisdiction_id=elsewhere')).status).toBe(404);
  expect((await get('v2/requests/RW-1.xml')).body).toContain('<error>');
  expect((await get('v2/services/volcano.json')).status).toBe(404);
  const injected = await get(`v2/requests.json?service_code=${encodeURIComponent("x') or 1=1 --")}`);
  expect(injected).toMatchObject({ status: 200, body: [] });
});

test('nothing is open unless the configuration says so', async () => {
  const gateway = await testGateway();
  expect((await call(gateway.url, 'GET', '/open311/v2/requests.json')).status).toBe(404);
});

test('a time without a zone is the city’s, and what is no time is refused by name', async () => {
  const { tickets, get } = await city();
  const found = async (query: string): Promise<number> =>
    (await get(`v2/requests.json?${query}`)).body.length;
  const [{ createdAt }] = tickets;
  const at = Date.parse(createdAt);
  // Shanghai is eight hours ahead of UTC, all year round.
  const inShanghai = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19);
  expect(await found(`start_date=${inShanghai(at - 60_000)}`)).toBe(2);
  expect(await found(`start_date=${inShanghai(at + 60_000)}`)).toBe(0);
  const today = inShanghai(at).slice(0, 10);
  expect(await found(`start_date=${today}&end_date=${today}`)).toBe(2);
  for (const text of ['5', '2026-02-30', '0000-01-01', '9999-12-31', '2026-11-23T25:00:00Z']) {
    const refused = await get(`v2/requests.json?end_date=${text}`);
    expect([refused.status, refused.body[0].description]).toEqual([
      400,
      expect.stringMatching(/^end_date: expected a date that exists, RFC 3339.*Asia\/Shanghai$/),
    ]);
  }
});
