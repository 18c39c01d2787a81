/** The queue as a list: in the order in which it is judged, page by page, filtered, with its true length. */
import { randomUUID } from 'node:crypto';
import { newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import type { TestOperator } from '../../testing/operator.ts';
import { sampleCameraState } from '../../testing/status.ts';

const name = { en: 'x', zh: 'x' };
const square = (west: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, 30],
      [west + 1, 30],
      [west + 1, 31],
      [west, 31],
      [west, 30],
    ],
  ],
});

async function cameras(operator: TestOperator, query: string): Promise<string[]> {
  const { body } = await operator.get(`/api/alerts?${query}`);
  if (body.items === undefined) throw new Error(body.detail);
  return body.items.map((alert: { camera: string }) => alert.camera);
}

test('the queue is listed by risk, time left and age, page by page, while dangerous things come in', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const classes = ['transverse_crack', 'anomaly', 'pothole', 'alligator_crack', 'pothole'] as const;
  for (const [n, damageClass] of classes.entries()) await agent.report({ camera: `c-${n}`, damageClass });
  const operator = await gateway.operator();
  const list = '/api/alerts?state=new&order=queue&limit=2';
  const first = (await operator.get(list)).body;
  expect(first).toMatchObject({ total: 5, items: [{ camera: 'c-2' }, { camera: 'c-4' }] });
  await agent.report({ camera: 'late', damageClass: 'pothole' });
  const second = (await operator.get(`${list}&after=${first.next}`)).body;
  expect(second).toMatchObject({ total: 6, items: [{ camera: 'late' }, { camera: 'c-1' }] });
  const third = (await operator.get(`${list}&after=${second.next}`)).body;
  expect(third).toMatchObject({ next: null, items: [{ camera: 'c-3' }, { camera: 'c-0' }] });
});

test('what was there before the camera first looked says so, and waits behind what opens now, within its risk', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const since = 'before_first_look' as const;
  await agent.report({ camera: 'old-hole', since });
  await agent.report({ camera: 'old-cracks', damageClass: 'alligator_crack', since });
  await agent.report({ camera: 'new-hole' });
  await agent.report({ camera: 'new-cracks', damageClass: 'alligator_crack' });
  const operator = await gateway.operator();
  const { items } = (await operator.get('/api/alerts?state=new&order=queue')).body;
  expect(items).toMatchObject([
    { camera: 'new-hole', since: null },
    { camera: 'old-hole', since },
    { camera: 'new-cracks', since: null },
    { camera: 'old-cracks', since },
  ]);
  const minutes = items.map((alert: { createdAt: string; verdictDueAt: string }) =>
    Math.round((Date.parse(alert.verdictDueAt) - Date.parse(alert.createdAt)) / 60_000),
  );
  expect(minutes).toEqual([5, 24 * 60, 15, 24 * 60]);
});

test('alerts are found by class, camera, place, time, number and what was said of them', async () => {
  const units = [
    { id: 'all', name, default: true },
    { id: 'west', name, area: square(119) },
    { id: 'east', name, area: square(120), classes: ['pothole'] },
  ];
  const gateway = await testGateway({ units });
  const agent = await gateway.agent();
  const at = (longitude: number) =>
    ({ position: { latitude: 30.5, longitude }, positionOf: 'damage' }) as const;
  await agent.report({ camera: 'west-1', ...at(119.5) });
  await agent.report({ camera: 'east-1', ...at(120.5) });
  await agent.report({ camera: 'east-2', ...at(120.6), damageClass: 'anomaly' });
  await agent.report({ camera: 'nowhere' });
  await agent.deliver(
    agent.topics.cameraState('east-1'),
    JSON.stringify(sampleCameraState({ camera: 'east-1' })),
  );
  const operator = await gateway.operator();
  const [{ id }] = (await operator.get('/api/alerts?camera=binjiang/edge-1/west-1')).body.items;
  const { number } = (await operator.post(`/api/alerts/${id}/confirm`, { unitId: 'all' })).body;
  const cases: readonly [string, string[]][] = [
    ['damageClass=anomaly', ['east-2']],
    ['bbox=120,30,121,31', ['east-1', 'east-2']],
    ['area=east', ['east-1', 'east-2']],
    ['area=east&damageClass=pothole', ['east-1']],
    ['unit=east', ['east-1']],
    // It was sent elsewhere than where it would have gone.
    ['unit=all', ['east-2', 'nowhere', 'west-1']],
    [`number=${number}`, ['west-1']],
    [`number=${number.slice(-6)}`, ['west-1']],
    ['number=999999', []],
    ['text=WHERE', ['nowhere']],
    ['text=%25', []],
    [`text=${encodeURIComponent('滨盛路')}`, ['east-1']],
    ['text=binsheng&unit=east', ['east-1']],
    ['from=2999-01-01T00:00:00Z', []],
    ['to=2999-01-01T00:00:00Z&state=new', ['east-1', 'east-2', 'nowhere']],
  ];
  for (const [query, expected] of cases) {
    expect([query, (await cameras(operator, query)).sort()]).toEqual([query, expected]);
    expect((await operator.get(`/api/alerts?limit=1&${query}`)).body.total).toBe(expected.length);
  }
});

test('a list is renewed by ids: those of them that are in it, and how long it is', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (let n = 0; n < 3; n++) await agent.report({ camera: `c-${n}` });
  const operator = await gateway.operator();
  const { items } = (await operator.get('/api/alerts?state=new&order=oldest')).body;
  const [a, b] = items.map(({ id }: { id: string }) => id);
  await operator.post(`/api/alerts/${a}/reject`, { reason: 'marking' });
  const { body } = await operator.get(`/api/alerts?state=new&order=queue&ids=${a},${b}`);
  expect(body).toMatchObject({ total: 2, next: null, items: [{ id: b }] });
  expect((await operator.get('/api/alerts?ids=x')).status).toBe(422);
});

test('a desk pulls what it looks for only', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report({ camera: 'a' });
  await agent.report({ camera: 'b', damageClass: 'anomaly' });
  const operator = await gateway.operator();
  const desk = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
  const filter = { damageClass: 'anomaly' };
  expect((await operator.post('/api/desk/next', { desk, holding: [], filter })).body).toMatchObject({
    items: [{ camera: 'b' }],
    waiting: 1,
  });
});

test('a desk that looks for a unit or an area pulls what is next there, however much else waits before it', async () => {
  const units = [
    { id: 'all', name, default: true },
    { id: 'west', name, area: square(119) },
    { id: 'east', name, area: square(120) },
  ];
  const gateway = await testGateway({ units });
  const agent = await gateway.agent();
  const at = (longitude: number) =>
    ({ position: { latitude: 30.5, longitude }, positionOf: 'damage' }) as const;
  for (let n = 0; n < 3; n++) await agent.report({ camera: `west-${n}`, ...at(119.5 + n / 100) });
  for (let n = 0; n < 3; n++)
    await agent.report({ camera: `east-${n}`, ...at(120.5 + n / 100), damageClass: 'anomaly' });
  const [ann, bo] = [await gateway.operator('operator', 'ann'), await gateway.operator('operator', 'bo')];
  const pull = async (operator: TestOperator, desk: string, filter: object, holding: string[] = []) => {
    const { body } = await operator.post('/api/desk/next', { desk, holding, filter });
    return {
      cameras: body.items.map(({ camera }: { camera: string }) => camera),
      ids: body.items.map(({ id }: { id: string }) => id),
      waiting: body.waiting,
    };
  };
  const [desk, other] = [randomUUID(), randomUUID()];
  const first = await pull(ann, desk, { unit: 'east' });
  expect(first).toMatchObject({ cameras: ['east-0', 'east-1'], waiting: 3 });
  expect(await pull(bo, other, { area: 'east' })).toMatchObject({ cameras: ['east-2'], waiting: 3 });
  await ann.post(`/api/alerts/${first.ids[0]}/reject`, { reason: 'marking' });
  // What is on the screen stays there, and nothing outside of what is looked for comes behind it.
  expect(await pull(ann, desk, { unit: 'east' }, [first.ids[1]])).toMatchObject({
    cameras: ['east-1'],
    waiting: 2,
  });
  expect(await ann.post('/api/desk/next', { desk, holding: [], filter: { area: 'all' } })).toMatchObject({
    status: 422,
    body: { code: 'area_unknown' },
  });
});

test('verdicts are listed by when they were given, and found by who gave them and when', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (let n = 0; n < 4; n++) await agent.report({ camera: `c-${n}` });
  const [ann, bo] = [await gateway.operator('operator', 'ann'), await gateway.operator('operator', 'bo')];
  const { items } = (await ann.get('/api/alerts?state=new&order=oldest')).body;
  const [a, b, c] = items.map(({ id }: { id: string }) => id);
  await ann.post(`/api/alerts/${c}/reject`, { reason: 'marking' });
  await bo.post(`/api/alerts/${a}/confirm`, {});
  await ann.post(`/api/alerts/${b}/shelve`, { until: '2099-01-01T00:00:00.000Z', reason: 'rain' });
  const list = 'state=judged&order=judged';
  const first = (await ann.get(`/api/alerts?${list}&limit=2`)).body;
  expect(first).toMatchObject({ total: 3, items: [{ camera: 'c-1' }, { camera: 'c-0' }] });
  expect(await cameras(ann, `${list}&limit=2&after=${first.next}`)).toEqual(['c-2']);
  expect(await cameras(ann, `${list}&judgedBy=user:ann`)).toEqual(['c-1', 'c-2']);
  const { verdictAt } = first.items[1];
  expect(await cameras(ann, `${list}&judgedFrom=${verdictAt}`)).toEqual(['c-1', 'c-0']);
  expect(await cameras(ann, `${list}&judgedTo=${verdictAt}`)).toEqual(['c-2']);
  // What is taken back has no verdict.
  await ann.post(`/api/alerts/${c}/undo`, {});
  expect(await cameras(ann, 'order=judged')).toEqual(['c-1', 'c-0']);
  expect((await ann.get('/api/alerts?order=judged')).body.total).toBe(2);
});

test('a filter that is not as it must be is refused by name', async () => {
  const gateway = await testGateway();
  const operator = await gateway.operator();
  for (const [query, field] of [
    ['bbox=1,2,3', 'bbox'],
    ['bbox=121,30,120,31', 'bbox'],
    ['area=nobody', 'area'],
    ['from=yesterday', 'from'],
    ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
    ['number=%27', 'number'],
    [`text=${'x'.repeat(101)}`, 'text'],
    ['order=random', 'order'],
    [`order=queue&after=1.${newId()}`, 'after'],
  ])
    expect((await operator.get(`/api/alerts?${query}`)).body).toMatchObject({
      status: 422,
      detail: expect.stringContaining(field as string),
    });
});
