/** The queue as a list: in the order in which it is judged, page by page, filtered, with its true length. */
import { newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import type { TestOperator } from '../../testing/operator.ts';

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
    ['from=2999-01-01T00:00:00Z', []],
    ['to=2999-01-01T00:00:00Z&state=new', ['east-1', 'east-2', 'nowhere']],
  ];
  for (const [query, expected] of cases) {
    expect([query, (await cameras(operator, query)).sort()]).toEqual([query, expected]);
    expect((await operator.get(`/api/alerts?limit=1&${query}`)).body.total).toBe(expected.length);
  }
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
