import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { noteAgent, noteCamera, purgeHistory, type Span, shareOn, uptimes } from './history.ts';

const on = (at: number): Span => ({ at, on: true });
const off = (at: number): Span => ({ at, on: false });

test.each<[string, Span[], Span[], number | null]>([
  ['nothing is known of it', [], [], null],
  ['it has seen since before', [on(50)], [on(0)], 1],
  ['it is known for half the time, and saw', [on(150)], [on(0)], 1],
  ['it was away for a quarter', [on(0), off(125), on(150)], [on(0)], 0.75],
  ['its box was away for half', [on(0)], [on(0), off(150)], 0.5],
  ['both were away, one after the other', [on(0), off(110), on(120)], [on(0), off(180), on(190)], 0.8],
  ['its box has never said how it is', [on(0), off(150)], [], 0.5],
  ['it has never seen', [off(0)], [on(0)], 0],
])('%s: the share of 100 to 200', (_, camera, agent, share) => {
  const found = shareOn(camera, agent, 100, 200);
  if (share === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(share);
});

test('the share is that of the milliseconds in which both were on, whatever came when', () => {
  const spans = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.boolean()), { maxLength: 12 })
    .map((all) => all.sort(([a], [b]) => a - b).map(([at, isOn]): Span => ({ at, on: isOn })));
  const isOnAt = (all: readonly Span[], at: number, before: boolean) =>
    all.findLast((span) => span.at <= at)?.on ?? before;
  fc.assert(
    fc.property(spans, spans, fc.nat(40), fc.integer({ min: 1, max: 20 }), (camera, agent, from, length) => {
      const to = from + length;
      const begin = Math.max(from, camera[0]?.at ?? to);
      const known = Array.from({ length: Math.max(0, to - begin) }, (_, n) => begin + n);
      const on = known.filter((at) => isOnAt(camera, at, false) && isOnAt(agent, at, true));
      expect(shareOn(camera, agent, from, to)).toBe(known.length === 0 ? null : on.length / known.length);
    }),
  );
});

const CAMERA = { site: 'binjiang', agent: 'edge-1', camera: 'binsheng-road' };
const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function history() {
  const { store, time } = await testStore();
  const after = async (ms: number, sees: boolean): Promise<void> => {
    time.now += ms;
    await store.transaction((tx) => noteCamera(tx, CAMERA, sees));
  };
  const rows = () => store.db.selectFrom('camera_history').select(['sees']).orderBy('at').execute();
  return { store, time, after, rows };
}

test('an outage of seconds is none, and one of minutes is kept once however often it is told', async () => {
  const { after, rows } = await history();
  await after(0, true);
  await after(HOUR, false);
  await after(5 * SECOND, true);
  expect(await rows()).toEqual([{ sees: 1 }]);
  await after(HOUR, false);
  await after(5 * SECOND, false);
  await after(60 * SECOND, true);
  expect(await rows()).toEqual([{ sees: 1 }, { sees: 0 }, { sees: 1 }]);
});

test('what began as away for a moment begins as it went on', async () => {
  const { after, rows } = await history();
  await after(0, false);
  await after(2 * SECOND, true);
  expect(await rows()).toEqual([{ sees: 1 }]);
});

test('the shares are of the last day and week, also by what was said before them, and where the box was away', async () => {
  const { store, time, after } = await history();
  await store.transaction((tx) => noteAgent(tx, CAMERA, true));
  await after(0, true);
  await after(20 * DAY, false);
  await after(6 * HOUR, true);
  time.now += 6 * HOUR;
  const found = async () =>
    (await uptimes(store.db, [CAMERA], time.now)).get('binjiang/edge-1/binsheng-road');
  expect(await found()).toEqual({ day: 0.75, week: 1 - 6 / (7 * 24) });
  await store.transaction((tx) => noteAgent(tx, CAMERA, false));
  time.now += 12 * HOUR;
  expect((await found())?.day).toBeCloseTo(0.25);
});

test('after a month only how it was last is kept', async () => {
  const { store, time, after, rows } = await history();
  for (let i = 0; i < 6; i++) await after(HOUR, i % 2 === 0);
  time.now += 40 * DAY;
  await store.transaction(purgeHistory);
  expect(await rows()).toEqual([{ sees: 0 }]);
});
