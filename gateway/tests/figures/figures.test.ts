/** The figures of a month whose history is known, beside what was counted by hand; and who may see what of them. */
import { FIGURES, type FigureReport, type FigureSet } from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { pastTicket, september, UNITS } from '../../testing/history.ts';
import type { TestOperator } from '../../testing/operator.ts';

const MINUTE = 60_000;
const SEPTEMBER = 'from=2026-09-01&to=2026-09-30';

async function setUp(settings = {}) {
  const gateway = await testGateway({ units: UNITS, ...settings });
  await september(await gateway.store());
  return { gateway, operator: await gateway.operator() };
}

async function report(operator: TestOperator, query: string): Promise<FigureReport> {
  const { status, body } = await operator.get(`/api/figures?${query}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body;
}

/** `[value, of]` of each; a plain count is its value. */
function values(figures: FigureSet | null): Record<string, unknown> {
  const entries = FIGURES.map((name) => {
    const { value, of } = (figures as FigureSet)[name];
    return [name, FIGURE_TEXTS[name].kind === 'count' ? value : [value, of]];
  });
  return Object.fromEntries(entries);
}

test('the figures of a known month are those counted by hand, and so are those of the month before', async () => {
  const { operator } = await setUp();
  const { total, rows, before, yearBefore, until } = await report(
    operator,
    `${SEPTEMBER}&by=time&each=month`,
  );
  expect([before, yearBefore, until]).toEqual([
    { from: '2026-08-01', to: '2026-08-31' },
    { from: '2025-09-01', to: '2025-09-30' },
    null,
  ]);
  expect(values(total.figures)).toEqual({
    received: 7,
    filed: 3,
    dispatched: 2,
    closed: 2,
    answeredInTime: [0.5, 2],
    closedOnTime: [0.5, 2],
    extended: [0.5, 2],
    reworked: [0.5, 2],
    recurred: [0.5, 2],
    cameraProven: [0.5, 2],
    // Of 0, 0, 0, 1, 2, 4 and 10 minutes.
    timeToVerdict: [MINUTE, 7],
    timeToRepair: [25 * 60 * MINUTE, 2],
    // Five confirmed, two rejected.
    precision: [5 / 7, 7],
  });
  expect(values(total.before)).toMatchObject({ received: 2, filed: 1, closed: 1, closedOnTime: [1, 1] });
  expect(values(total.yearBefore)).toMatchObject({
    received: 0,
    closedOnTime: [null, 0],
    timeToRepair: [null, 0],
  });
  expect(rows.map(({ key, figures }) => [key, values(figures)])).toEqual([
    ['2026-09-01', values(total.figures)],
  ]);
});

test('a day begins and ends at the midnight of the city', async () => {
  const { operator } = await setUp();
  const { rows } = await report(operator, `${SEPTEMBER}&by=time&each=day`);
  const days = new Map(rows.map(({ key, figures }) => [key, values(figures)]));
  expect(rows).toHaveLength(30);
  expect(days.get('2026-09-01')).toMatchObject({ received: 1, timeToVerdict: [3 * MINUTE + 0.5, 2] });
  expect(days.get('2026-09-30')).toMatchObject({ received: 1, filed: 1, dispatched: 0 });
  expect(days.get('2026-09-03')).toMatchObject({ filed: 0, closedOnTime: [1, 1], precision: [null, 0] });
});

test('by unit, class and camera the parts are those of the whole, and units are ranked', async () => {
  const { operator } = await setUp();
  const units = await report(operator, `${SEPTEMBER}&by=unit`);
  expect(
    units.rows.map(({ rank, key, name, figures, before }) => [
      rank,
      key,
      name.zh,
      values(figures).filed,
      values(figures).closedOnTime,
      values(before).closedOnTime,
    ]),
  ).toEqual([
    [1, 'road-maintenance', '道路养护', 2, [1, 1], [1, 1]],
    [2, 'bridges', '桥梁养护', 1, [0, 1], [null, 0]],
  ]);
  const classes = await report(operator, `${SEPTEMBER}&by=class`);
  expect(classes.rows.map(({ name, figures }) => [name.en, values(figures).received])).toEqual([
    ['Pothole', 6],
    ['Transverse crack', 1],
  ]);
  const cameras = await report(operator, `${SEPTEMBER}&by=camera&class=transverse_crack`);
  expect(cameras.rows.map(({ key, figures }) => [key, values(figures).precision])).toEqual([
    ['binjiang/edge-1/fuxing-bridge', [1, 1]],
  ]);
  const one = await report(operator, `${SEPTEMBER}&camera=binjiang/edge-1/fuxing-bridge`);
  expect(values(one.total.figures)).toMatchObject({ received: 1, filed: 1, closed: 1, reworked: [1, 1] });
});

test('by area what lies in none is told too, and one area can be asked for', async () => {
  const area = {
    type: 'Polygon',
    coordinates: [
      [
        [120, 30],
        [121, 30],
        [121, 31],
        [120, 31],
        [120, 30],
      ],
    ],
  };
  const { gateway, operator } = await setUp({ units: [UNITS[0], { ...UNITS[1], area }] });
  const placed = { state: 'dispatched', position: [30.2, 120.2] } as const;
  await pastTicket(await gateway.store(), { at: '2026-09-20T08:00:00+08:00', ...placed });
  const { rows } = await report(operator, `${SEPTEMBER}&by=area`);
  expect(rows.map(({ key, name, figures }) => [key, name.en, figures.filed.value])).toEqual([
    ['', 'Outside all areas', 3],
    ['bridges', 'Bridges', 1],
  ]);
  expect((await report(operator, `${SEPTEMBER}&area=bridges`)).total.figures.filed.value).toBe(1);
  expect((await report(operator, `${SEPTEMBER}&area=`)).total.figures.filed.value).toBe(3);
});

test('a period without anything has counts of zero and nothing else: no share of nothing', async () => {
  const { operator } = await setUp();
  const { total, rows } = await report(operator, 'from=2020-02-01&to=2020-02-29&by=unit');
  for (const figures of [total.figures, ...rows.map((row) => row.figures)])
    for (const [name, value] of Object.entries(values(figures)))
      expect([name, value]).toEqual([name, Array.isArray(value) ? [null, 0] : 0]);
  expect(rows.map(({ key, rank }) => [key, rank])).toEqual([
    ['bridges', null],
    ['road-maintenance', null],
  ]);
});

test('a unit sees its own figures only, whatever it asks for, and none of alerts', async () => {
  const { gateway } = await setUp();
  const unit = await gateway.operator('unit', 'bridges-desk', 'bridges');
  for (const asked of ['', '&unit=road-maintenance']) {
    const { rows, total } = await report(unit, `${SEPTEMBER}&by=unit${asked}`);
    expect(rows.map(({ key }) => key)).toEqual(['bridges']);
    expect(values(total.figures)).toMatchObject({ received: 0, filed: 1, closedOnTime: [0, 1] });
  }
});

test('the table has every figure with what it is reckoned from, in the language asked for', async () => {
  const { operator } = await setUp({
    units: [UNITS[0], { id: 'bridges', name: { en: '=cmd|calc', zh: '=cmd|calc' } }],
  });
  const { status, headers, body } = await operator.get(
    `/api/figures?${SEPTEMBER}&by=unit&format=csv&lang=zh`,
  );
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  const [head, ...lines] = (body as string).split('\r\n');
  expect(head).toMatch(/^\uFEFF?编号,名称,排名,上报数,/);
  expect(head).toContain('按期结案率（%）,按期结案率计算基数,按期结案率（%）（上期）');
  expect(lines[0]).toMatch(/^road-maintenance,道路养护,1,/);
  // Not a formula to a spreadsheet.
  expect(lines[1]).toMatch(/^bridges,'=cmd\|calc,2,/);
  expect(lines[2]).toMatch(/^,合计,,7,/);
});

test.each([
  ['from=2026-09-01', 'one of them is missing'],
  ['from=2026-02-30&to=2026-03-01', 'from: there is no day'],
  ['from=2026-03-02&to=2026-03-01', 'is before from'],
  ['from=2010-01-01&to=2026-03-01', 'expected at most 3660'],
  ['from=2024-01-01&to=2026-03-01&by=time&each=day', 'more than 400 parts'],
  ['by=moon', 'by'],
  ['class=moon', 'class'],
])('%s is refused by name', async (query, words) => {
  const gateway = await testGateway();
  const operator = await gateway.operator();
  const { status, body } = await operator.get(`/api/figures?${query}`);
  expect([status, body.detail]).toEqual([422, expect.stringContaining(words)]);
});
