/** As the clients that people have send and ask: GeoReporter, FixMyStreet, pages of other sites, pagers. */
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';

const PLACE = { service_code: 'pothole', lat: '30.2084', long: '120.2119' };
const DAY_MS = 86_400_000;

async function city() {
  const gateway = await testGateway({ open311: { enabled: true, jurisdictionId: 'binjiang' } });
  const operator = await gateway.operator('admin');
  const expiresAt = new Date(Date.now() + DAY_MS).toISOString();
  const token = { name: 'app', scopes: ['requests:write'], expiresAt };
  const key = (await operator.post('/api/tokens', token)).body.token as string;
  const at = (path: string) => new URL(`/open311/v2/${path}`, gateway.url);
  const post = (body: FormData | URLSearchParams) => fetch(at('requests.json'), { method: 'POST', body });
  const list = async (query: string) => {
    const answer = await fetch(at(`requests.json?${query}`));
    const body = (await answer.json()) as { service_request_id: string; description: string }[];
    return { status: answer.status, body, numbers: body.map((request) => request.service_request_id) };
  };
  const alerts = async () => (await operator.get('/api/alerts?state=new')).body.items;
  return { operator, key, at, post, list, alerts };
}

function multipart(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

test('a form with a photograph (multipart) is a report, wherever the photograph stands in it', async () => {
  const { key, post, alerts } = await city();
  const picture = new Blob([Buffer.alloc(300_000, 7)], { type: 'image/jpeg' });
  const form = new FormData();
  form.append('media', picture, 'photo.jpg');
  for (const [name, value] of Object.entries({ ...PLACE, api_key: key, description: '坑很深' }))
    form.append(name, value);
  const answer = await post(form);
  expect([answer.status, await answer.json()]).toMatchObject([
    201,
    [{ service_request_id: expect.stringMatching(/^CR-/) }],
  ]);
  expect((await post(multipart({ ...PLACE, api_key: key }))).status).toBe(201);
  expect(
    (await alerts()).map(({ report }: { report: { description: string } }) => report.description),
  ).toEqual(expect.arrayContaining(['坑很深', null]));
});

test.each([
  ['a wrong key', { api_key: 'rwt_wrong' }, 403],
  ['no service', { service_code: '' }, 404],
  ['a description that is too long', { description: 'x'.repeat(4001) }, 400],
  ['a field that is far too long', { description: 'x'.repeat(20_000) }, 400],
  ['too many fields', Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`f${n}`, ''])), 413],
])('a multipart form with %s is refused in the form of the specification', async (_name, wrong, status) => {
  const { key, post, alerts } = await city();
  const answer = await post(multipart({ ...PLACE, api_key: key, ...wrong }));
  expect([answer.status, await answer.json()]).toMatchObject([status, [{ code: status }]]);
  expect(await alerts()).toEqual([]);
});

test('several pictures of one report are all kept', async () => {
  const { key, post, alerts, at } = await city();
  const form = new URLSearchParams({ ...PLACE, api_key: key });
  const urls = [1, 2, 3].map((n) => `https://fms.example/p${n}.jpg`);
  for (const url of urls) form.append('media_url', url);
  const [made] = (await (await post(form)).json()) as [{ service_request_id: string }];
  expect((await alerts())[0].report).toMatchObject({ mediaUrl: urls[0], mediaUrls: urls });
  const own = await fetch(at(`requests/${made.service_request_id}.json`), {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await own.json()).toMatchObject([{ media_url: urls[0] }]);
});

test('what is given twice alike counts once; two places are none', async () => {
  const { key, post } = await city();
  const twice = (name: string, value: string) => {
    const form = new URLSearchParams({ ...PLACE, api_key: key });
    form.append(name, value);
    return post(form);
  };
  expect((await twice('lat', PLACE.lat)).status).toBe(201);
  const answer = await twice('lat', '31');
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    [{ description: expect.stringMatching(/^lat: is given more than once/) }],
  ]);
});

test('a page of another site may read and report, also hear why not, and no cookie counts', async () => {
  const { at, key } = await city();
  const origin = { origin: 'https://map.example' };
  const preflight = await fetch(at('requests.json'), {
    method: 'OPTIONS',
    headers: {
      ...origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  const body = new URLSearchParams({ ...PLACE, api_key: key });
  for (const answer of [
    preflight,
    await fetch(at('services.json'), { headers: origin }),
    await fetch(at('requests.json'), { method: 'POST', headers: origin, body }),
    await fetch(at('requests/none.json'), { headers: origin }),
    await fetch(at('nothing.json'), { headers: origin }),
  ]) {
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  }
  const api = await fetch(new URL('/healthz', at('')), { headers: origin });
  expect(api.headers.get('access-control-allow-origin')).toBeNull();
});

test('a pager comes to an end, and has everything once', async () => {
  const { key, post, list } = await city();
  for (let n = 0; n < 5; n++) await post(new URLSearchParams({ ...PLACE, api_key: key }));
  const all = (await list('')).numbers;
  expect(all).toHaveLength(5);
  const paged: string[] = [];
  for (let page = 1; ; page++) {
    const { numbers } = await list(`page=${page}&page_size=2`);
    if (numbers.length === 0) break;
    paged.push(...numbers);
  }
  expect(paged).toEqual(all);
  expect((await list('page=2')).numbers).toEqual([]);
  expect((await list('page_size=3')).numbers).toEqual(all.slice(0, 3));
});

test.each([
  ['page=0', /^page: expected a whole number/],
  ['page=x', /^page: expected a whole number/],
  ['page_size=-1', /^page_size: expected a whole number/],
  ['page_size=1001', /^page_size: expected at most 1000/],
  ['page=999999&page_size=1000', /^page: at most/],
  ['lat=30&long=120', /^radius: expected a number/],
  ['lat=95&long=120&radius=5', /^lat: expected a number up to 90/],
  ['updated_after=soon', /^updated_after: expected/],
])('%s is refused with the reason', async (query, why) => {
  const { list } = await city();
  expect(await list(query)).toMatchObject({
    status: 400,
    body: [{ description: expect.stringMatching(why) }],
  });
});

test('who asks what has changed since gets that, however old it is, and nothing else', async () => {
  const { operator, key, post, list, alerts } = await city();
  for (let n = 0; n < 2; n++) await post(new URLSearchParams({ ...PLACE, api_key: key }));
  const [first] = await alerts();
  const since = new Date(Date.now() + 1).toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await operator.post(`/api/alerts/${first.id}/reject`, { reason: 'no_damage' });
  expect((await list(`updated_after=${since}`)).numbers).toEqual([first.report.number]);
  expect((await list(`updated_before=${since}`)).numbers).toHaveLength(1);
  expect((await list(`updated_after=${since}&updated_before=${since}`)).numbers).toEqual([]);
  expect((await list('updated_after=2030-01-01T00:00:00Z')).numbers).toEqual([]);
  expect((await list('updated_after=2020-01-01T00:00:00Z')).numbers).toHaveLength(2);
});

test('a state may be listed by comma or by repeating it, and a place by its radius', async () => {
  const { key, post, list } = await city();
  await post(new URLSearchParams({ ...PLACE, api_key: key }));
  expect((await list('status=open&status=closed')).numbers).toHaveLength(1);
  expect((await list('status=open,closed')).numbers).toHaveLength(1);
  // 0.001 degrees of latitude are 111 m, of longitude here 96 m.
  expect((await list('lat=30.2094&long=120.2119&radius=112')).numbers).toHaveLength(1);
  expect((await list('lat=30.2094&long=120.2119&radius=110')).numbers).toEqual([]);
  expect((await list('lat=30.2084&long=120.2129&radius=97')).numbers).toHaveLength(1);
  expect((await list('lat=30.2084&long=120.2129&radius=95')).numbers).toEqual([]);
});
