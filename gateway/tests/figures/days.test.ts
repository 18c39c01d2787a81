/** Days whose figures are kept give what the alerts and tickets themselves give, whatever has become of the past since. */
import type { FigureReport } from '@roadwatch/contract/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DayKeeper } from '../../src/figures/days/keeper.ts';
import { daysOf } from '../../src/figures/period.ts';
import { figureReport, type Question } from '../../src/figures/report.ts';
import { parseArea } from '../../src/geo/area.ts';
import type { Store } from '../../src/store/database.ts';
import { insertExtension, insertPass, pastAlert, pastTicket } from '../../testing/history.ts';
import { TestTime, testStore } from '../../testing/store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = Date.parse('2026-10-18T12:00:00Z');
const NOW = Date.parse('2026-11-03T10:00:00Z');
const SPAN = { from: '2026-10-12', to: '2026-11-15' };
/** No hour is ever missing in China; in Berlin 25 October 2026 has 25 hours. */
const TIME_ZONES = ['Asia/Shanghai', 'Europe/Berlin'];

const square = (west: number) =>
  parseArea({
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
const WEST_AND_EAST = new Map([
  ['bridges', square(120)],
  ['road-maintenance', square(121)],
]);
const EAST_ONLY = new Map([['road-maintenance', square(121)]]);

const QUESTIONS: readonly Question[] = [
  { ...SPAN, by: 'time', each: 'day' },
  { ...SPAN, by: 'time', each: 'week', camera: 'binjiang/edge-1/fuxing-bridge' },
  { ...SPAN, by: 'unit', each: 'day' },
  { ...SPAN, by: 'class', each: 'day', unit: 'bridges' },
  { ...SPAN, by: 'area', each: 'day', damageClass: 'pothole' },
  { ...SPAN, by: 'camera', each: 'day', area: '' },
  { from: '2026-10-25', to: '2026-10-26', by: 'time', each: 'day' },
];

/** Each is of many questions; in the long suite there is time for more. */
const RUNS = process.env.ROADWATCH_LONG === '1' ? 30 : 12;

class Rollback extends Error {}

/** `inTurn`: nothing here makes others wait. */
const ask = (store: Pick<Store, 'db' | 'now'>, config: Config, question: Question) =>
  figureReport({ store, config, inTurn: (work) => work() }, question, 1_000);

/** From alerts and tickets alone. */
async function counted(store: Store, config: Config, question: Question): Promise<FigureReport> {
  let report: FigureReport | null = null;
  await store
    .transaction(async ({ db }) => {
      await db.deleteFrom('figure_days').execute();
      report = await ask({ db, now: store.now }, config, question);
      throw new Rollback();
    })
    .catch((error: Error) => {
      if (!(error instanceof Rollback)) throw error;
    });
  return report as unknown as FigureReport;
}

interface Config {
  readonly timeZone: string;
  readonly areas: typeof EAST_ONLY;
}

const unit = fc.constantFrom('bridges', 'road-maintenance');
const where = {
  camera: fc.constantFrom('binsheng-road', 'fuxing-bridge'),
  damageClass: fc.constantFrom('pothole' as const, 'transverse_crack' as const),
  position: fc.constantFrom([30.5, 120.5] as const, [30.5, 121.5] as const, [29, 120.5] as const),
};

/** Instants of three weeks, often the first or the last of a day. */
function instantsOf(timeZone: string) {
  const edges = daysOf(FROM, NOW, timeZone).flatMap(({ start }) => [start - 1, start]);
  const within = fc.integer({ min: FROM, max: NOW });
  return fc
    .oneof(fc.constantFrom(...edges.filter((at) => at <= NOW)), within)
    .map((at) => new Date(at).toISOString());
}

function clockOf(at: fc.Arbitrary<string>) {
  return fc.record({
    state: fc.constantFrom('met' as const, 'running' as const, 'cancelled' as const),
    deadlineAt: fc.oneof(
      at,
      fc.integer({ min: NOW, max: NOW + 5 * DAY }).map((ms) => new Date(ms).toISOString()),
    ),
    late: fc.boolean(),
  });
}

/** What comes into a store. */
function newOf(timeZone: string) {
  const at = instantsOf(timeZone);
  const maybe = fc.option(at, { nil: undefined });
  const clock = clockOf(at);
  return fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('alert' as const), at, judgedAt: maybe, ...where }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('ticket' as const),
        at,
        unit,
        state: fc.constantFrom('dispatched' as const, 'inspecting' as const, 'closed' as const),
        dispatchedAt: maybe,
        repairedAt: maybe,
        closedAt: maybe,
        outcome: fc.constant('repaired' as const),
        response: clock,
        resolution: clock,
        reworked: fc.boolean(),
        extended: fc.boolean(),
        passedAt: maybe,
        ...where,
      }),
    },
  );
}

/** What becomes of the past. `pick`: of which of the rows. */
function changesOf(timeZone: string) {
  const at = instantsOf(timeZone);
  const clock = clockOf(at);
  const pick = fc.nat();
  return fc.oneof(
    fc.record({ kind: fc.constant('undone' as const), pick }),
    fc.record({ kind: fc.constant('recalled' as const), pick }),
    fc.record({ kind: fc.constant('reopened' as const), pick }),
    fc.record({ kind: fc.constant('closed' as const), pick, at }),
    fc.record({ kind: fc.constant('sent on' as const), pick, at, unit }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('clock' as const), pick, clock }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('inspected' as const), pick }) },
    fc.record({ kind: fc.constant('extended' as const), pick }),
    fc.record({ kind: fc.constant('back' as const), pick, at }),
    fc.record({ kind: fc.constant('moved' as const), pick, position: where.position }),
    fc.record({ kind: fc.constant('gone' as const), pick }),
    fc.record({ kind: fc.constant('later' as const), ms: fc.integer({ min: HOUR, max: 12 * DAY }) }),
    fc.record({ kind: fc.constant('areas' as const), areas: fc.constantFrom(WEST_AND_EAST, EAST_ONLY) }),
  );
}

type Step = ReturnType<typeof newOf | typeof changesOf> extends fc.Arbitrary<infer S> ? S : never;

async function idAt(store: Store, table: 'alerts' | 'tickets' | 'clocks', pick: number) {
  const rows = await store.db.selectFrom(table).select('id').orderBy('id').execute();
  return rows.length === 0 ? null : (rows[pick % rows.length]?.id ?? null);
}

async function change(
  store: Store,
  table: 'alerts' | 'tickets' | 'clocks',
  pick: number,
  values: object,
): Promise<void> {
  const id = await idAt(store, table, pick);
  if (id !== null)
    await store.transaction((tx) => tx.db.updateTable(table).set(values).where('id', '=', id).execute());
}

async function take(
  step: Step,
  store: Store,
  time: TestTime,
  config: { timeZone: string; areas: typeof EAST_ONLY },
): Promise<void> {
  switch (step.kind) {
    case 'alert':
      await pastAlert(store, { ...step, state: step.judgedAt === undefined ? 'new' : 'rejected' });
      return;
    case 'ticket':
      await pastTicket(store, step);
      return;
    case 'undone':
      return change(store, 'alerts', step.pick, { state: 'new', verdict_at: null, verdict_by: null });
    case 'recalled':
      return change(store, 'tickets', step.pick, { state: 'cancelled', dispatched_at: null });
    case 'reopened':
      return change(store, 'tickets', step.pick, { state: 'rework', closed_at: null, outcome: null });
    case 'closed': {
      const closed_at = Date.parse(step.at);
      return change(store, 'tickets', step.pick, { state: 'closed', closed_at, outcome: 'repaired' });
    }
    case 'sent on':
      return change(store, 'tickets', step.pick, {
        unit_id: step.unit,
        dispatched_at: Date.parse(step.at),
      });
    case 'clock': {
      const { state, deadlineAt, late } = step.clock;
      const deadline_at = Date.parse(deadlineAt);
      const breached_at = late ? deadline_at : null;
      return change(store, 'clocks', step.pick, { state, deadline_at, breached_at });
    }
    case 'inspected': {
      const repaired = store.db.selectFrom('tickets').select('id').where('outcome', '=', 'repaired');
      const rows = await repaired.where('repaired_at', 'is not', null).orderBy('id').execute();
      const ticket = rows[step.pick % Math.max(1, rows.length)]?.id;
      if (ticket !== undefined) await store.transaction((tx) => insertPass(tx, ticket, NOW));
      return;
    }
    case 'extended': {
      const ticket = await idAt(store, 'tickets', step.pick);
      if (ticket !== null) await store.transaction((tx) => insertExtension(tx, ticket, NOW));
      return;
    }
    case 'back': {
      const alert = await idAt(store, 'alerts', step.pick);
      if (alert !== null)
        await pastAlert(store, { at: step.at, state: 'confirmed', judgedAt: step.at, recurrenceOf: alert });
      return;
    }
    case 'moved': {
      const [latitude, longitude] = step.position;
      await change(store, 'alerts', step.pick, { latitude, longitude });
      return change(store, 'tickets', step.pick, { latitude, longitude });
    }
    case 'gone': {
      const id = await idAt(store, 'tickets', step.pick);
      if (id !== null)
        await store.transaction((tx) => tx.db.deleteFrom('tickets').where('id', '=', id).execute());
      return;
    }
    case 'later':
      time.pass(step.ms);
      return;
    case 'areas':
      config.areas = step.areas;
  }
}

test.each(TIME_ZONES)(
  'what is kept of days adds up to what alerts and tickets give: any history, in %s',
  async (timeZone) => {
    const { store, time } = await testStore(new TestTime(NOW));
    const TABLES = ['alerts', 'tickets', 'clocks', 'inspections', 'ticket_extensions'] as const;
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(newOf(timeZone), { minLength: 10, maxLength: 20 }),
        fc.array(changesOf(timeZone), { minLength: 6, maxLength: 16 }),
        async (history, changes) => {
          await store.transaction(async (tx) => {
            for (const table of TABLES) await tx.db.deleteFrom(table).execute();
          });
          time.now = NOW;
          const config = { timeZone, areas: WEST_AND_EAST };
          const keeper = new DayKeeper(store, config);
          for (const step of history) await take(step, store, time, config);
          await keeper.keep();
          for (const step of changes) await take(step, store, time, config);
          for (const question of QUESTIONS)
            expect(await ask(store, config, question)).toEqual(await counted(store, config, question));
          await keeper.keep();
          // Nothing is left to do, so that all but the present day comes from what is kept.
          expect(await keeper.keep()).toBe(0);
          for (const question of QUESTIONS.slice(-3))
            expect(await ask(store, config, question)).toEqual(await counted(store, config, question));
          used += (await store.db.selectFrom('figure_days').select('id').execute()).length;
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(used).toBeGreaterThan(RUNS);
  },
);
