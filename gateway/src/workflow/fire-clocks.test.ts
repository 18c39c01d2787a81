import type { TicketCommand } from '@roadwatch/contract/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import { TestTime, testStore } from '../../testing/store.ts';
import { ACTOR, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';
import type { Calendars } from '../calendar/working-time.ts';
import { foldClock, STEPS } from '../clocks/clock.ts';
import { clockEvent, clockLog } from '../clocks/clocks.ts';
import type { Config } from '../config/config.ts';
import type { Store } from '../store/database.ts';
import { commandTicket } from './commands.ts';
import { fireDueClocks } from './fire-clocks.ts';
import { recalculateClocks } from './recalculate.ts';

const MINUTE = 60_000;
const ADMIN = { name: 'user:admin', channel: 'console' };

async function clockOf(store: Store, id: string, kind = 'response') {
  const clocks = store.db.selectFrom('clocks').selectAll().where('ticket_id', '=', id);
  return clocks.where('kind', '=', kind as 'response').executeTakeFirstOrThrow();
}

async function steps(store: Store, clockId: string) {
  const rows = await store.db
    .selectFrom('clock_log')
    .selectAll()
    .where('clock_id', '=', clockId)
    .where('event', '=', 'rung')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    at: row.at,
    ...(JSON.parse(row.data) as { percent: number; noticedAt: number }),
  }));
}

test('a breach is stamped with the deadline itself, also when no gateway ran at that time', async () => {
  const { store, time } = await testStore();
  const start = time.now;
  const { id, config } = await dispatchedTicket(store);
  time.pass(7 * 60 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  const clock = await clockOf(store, id);
  expect(clock.breached_at).toBe(start + 30 * MINUTE);
  expect(await steps(store, clock.id)).toEqual([
    { percent: 50, at: start + 15 * MINUTE, noticedAt: time.now },
    { percent: 80, at: start + 24 * MINUTE, noticedAt: time.now },
    { percent: 100, at: start + 30 * MINUTE, noticedAt: time.now },
    { percent: 150, at: start + 45 * MINUTE, noticedAt: time.now },
  ]);
  await fireDueClocks(store, config, QUIET);
  expect(await steps(store, clock.id)).toHaveLength(4);
});

test('of steps that passed while no gateway ran the last is told that anybody hears of', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store);
  const deadline = { ...config.clocks.escalation.deadline, '100': ['shift_lead'] as const, '150': [] };
  const escalation = { ...config.clocks.escalation, deadline };
  time.pass(7 * 60 * MINUTE);
  await fireDueClocks(store, { ...config, clocks: { ...config.clocks, escalation } }, QUIET);
  const clock = await clockOf(store, id);
  const notices = await store.db.selectFrom('notices').selectAll().where('clock_id', '=', clock.id).execute();
  expect(notices.map(({ percent }) => percent)).toEqual([100]);
});

test('accepting in time ends the response clock: it never fires again', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store);
  time.pass(29 * MINUTE);
  await commandTicket(store, config, id, { command: 'accept' }, person('unit', 'road-maintenance'), ACTOR);
  time.pass(24 * 60 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  expect(await clockOf(store, id)).toMatchObject({ state: 'met', breached_at: null, due_at: null });
});

test('accepting late keeps the breach, also when nobody had noticed it before', async () => {
  const { store, time } = await testStore();
  const start = time.now;
  const { id, config } = await dispatchedTicket(store);
  time.pass(40 * MINUTE);
  await commandTicket(store, config, id, { command: 'accept' }, person('operator'), ACTOR);
  expect(await clockOf(store, id)).toMatchObject({ state: 'met', breached_at: start + 30 * MINUTE });
});

test('twenty minutes after the dispatch the operator is told to look at the scene, once', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store);
  time.pass(20 * MINUTE - 1);
  await fireDueClocks(store, config, QUIET);
  const clock = await clockOf(store, id, 'scene_look');
  expect(await steps(store, clock.id)).toEqual([]);
  time.pass(1);
  await fireDueClocks(store, config, QUIET);
  await fireDueClocks(store, config, QUIET);
  expect(await steps(store, clock.id)).toMatchObject([{ percent: 100 }]);
});

test('the time to repair stands still while the ticket is suspended, and goes on when the repair did not hold', async () => {
  const { store, time } = await testStore();
  const start = time.now;
  const { id, config } = await dispatchedTicket(store, { clocks: { resolutionHours: { pothole: 2 } } });
  const lead = person('shift_lead');
  const give = (command: TicketCommand) =>
    commandTicket(
      store,
      config,
      id,
      { command, reason: 'rain', reviewAt: time.now + 6_000 * MINUTE },
      lead,
      ACTOR,
    );
  await give('accept');
  time.pass(60 * MINUTE);
  await give('suspend');
  time.pass(600 * MINUTE);
  await give('resume');
  expect((await clockOf(store, id, 'resolution')).deadline_at).toBe(start + 720 * MINUTE);
  await give('arrive');
  time.pass(30 * MINUTE);
  await give('repair');
  time.pass(100 * MINUTE);
  await give('rework');
  expect(await clockOf(store, id, 'resolution')).toMatchObject({
    state: 'running',
    deadline_at: time.now + 30 * MINUTE,
  });
});

test.each([
  ['round the clock', {}],
  ['in working hours', { response: 'working_hours', sceneLook: 'working_days', resolution: 'working_hours' }],
])(
  '%s: whatever is done and whenever anybody looks, every step fires once, never early, and the log gives the row',
  async (_name, count) => {
    const command = fc.constantFrom<TicketCommand>(
      'accept',
      'return',
      'arrive',
      'suspend',
      'resume',
      'repair',
      'rework',
    );
    const act = fc.record({
      wait: fc.integer({ min: 0, max: 50 }),
      command: fc.option(command),
      looks: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        // A Monday in Shanghai at 16:00: the time allowed goes on beyond the working day.
        const { store, time } = await testStore(new TestTime());
        const clocks = { resolutionHours: { pothole: 1 }, count };
        const { id, config } = await dispatchedTicket(store, { clocks });
        for (const { wait, command: next, looks } of acts) {
          time.pass(wait * MINUTE);
          if (looks) await fireDueClocks(store, config, QUIET);
          if (next !== null)
            await commandTicket(
              store,
              config,
              id,
              { command: next, reason: 'x', reviewAt: time.now + 6_000 * MINUTE },
              person('admin'),
              ACTOR,
            ).catch(() => {});
        }
        await fireDueClocks(store, config, QUIET);
        for (const kind of ['response', 'scene_look', 'resolution'] as const) {
          const row = await clockOf(store, id, kind);
          const fired = await steps(store, row.id);
          const percents = fired.map(({ percent }) => percent);
          expect(percents).toEqual(STEPS[kind].slice(0, percents.length));
          for (const step of fired) expect(step.at).toBeLessThanOrEqual(step.noticedAt);
          const log = await store.transaction((tx) => clockLog(tx, row.id));
          const replayed = foldClock(log, config.clocks.calendars.now[row.counts]);
          expect(replayed).toMatchObject({
            state: row.state,
            deadlineAt: row.deadline_at,
            usedMs: row.used_ms,
          });
          if (row.state === 'running') expect(row.breached_at !== null).toBe(row.deadline_at <= time.now);
        }
      }),
      { numRuns: 12 },
    );
  },
);

test('a ticket sent on Friday evening has the working time of Monday, by kind of clock and by class', async () => {
  const friday = Date.parse('2026-11-27T17:20:00+08:00');
  const { store, time } = await testStore(new TestTime(friday));
  const { id, config } = await dispatchedTicket(store, {
    clocks: {
      resolutionHours: { pothole: 24 },
      count: { resolution: 'working_hours' },
      countByClass: { pothole: { response: 'working_hours', resolution: 'working_days' } },
    },
  });
  expect(await clockOf(store, id)).toMatchObject({
    counts: 'working_hours',
    deadline_at: Date.parse('2026-11-30T08:50:00+08:00'),
  });
  expect(await clockOf(store, id, 'scene_look')).toMatchObject({ deadline_at: friday + 20 * MINUTE });
  expect(await clockOf(store, id, 'resolution')).toMatchObject({
    deadline_at: Date.parse('2026-11-30T17:20:00+08:00'),
  });
  time.pass(60 * 60 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  expect(await clockOf(store, id)).toMatchObject({ breached_at: null, state: 'running' });
});

test('rules that change leave what runs alone until it is recalculated, and no breach is taken back', async () => {
  const monday = Date.parse('2026-11-30T16:00:00+08:00');
  const { store, time } = await testStore(new TestTime(monday));
  const clocks = { resolutionHours: { pothole: 2 }, count: { resolution: 'working_hours' } };
  const { id, config: first } = await dispatchedTicket(store, { clocks });
  const before = Date.parse('2026-12-01T09:00:00+08:00');
  expect(await clockOf(store, id, 'resolution')).toMatchObject({ deadline_at: before });
  const holidays = withCalendars(first, [[], ['2026-12-01/2026-12-02'], ['2026-12-01/2026-12-31']]);
  await fireDueClocks(store, holidays(2), QUIET);
  const { calendars } = holidays(2).clocks;
  for (const event of ['paused', 'resumed'] as const)
    await store.transaction((tx) => clockEvent(tx, id, ['resolution'], { event, at: tx.at }, calendars));
  expect(await clockOf(store, id, 'resolution')).toMatchObject({ deadline_at: before });
  expect(await recalculateClocks(store, holidays(2), ADMIN)).toBe(1);
  const after = Date.parse('2026-12-03T09:00:00+08:00');
  expect(await clockOf(store, id, 'resolution')).toMatchObject({ deadline_at: after, calendar_version: 2 });
  time.pass(after + 60_000 - monday);
  await fireDueClocks(store, holidays(2), QUIET);
  await recalculateClocks(store, holidays(3), ADMIN);
  expect(await clockOf(store, id, 'resolution')).toMatchObject({ breached_at: after });
});

test('recalculated by a longer time, a clock runs on to it and is heard again; by a shorter one it ends now', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store, { clocks: { responseMinutes: 30 } });
  const start = time.now;
  time.pass(25 * MINUTE);
  await fireDueClocks(store, config, QUIET);
  expect(await clockOf(store, id)).toMatchObject({ fired: 80 });
  const minutes = (responseMinutes: number) => ({ ...config, clocks: { ...config.clocks, responseMinutes } });
  expect(await recalculateClocks(store, minutes(60), ADMIN)).toBe(1);
  expect(await clockOf(store, id)).toMatchObject({ deadline_at: start + 60 * MINUTE, fired: 41 });
  time.pass(5 * MINUTE);
  await fireDueClocks(store, minutes(60), QUIET);
  expect(await clockOf(store, id)).toMatchObject({ fired: 50 });
  expect(await recalculateClocks(store, minutes(10), ADMIN)).toBe(1);
  expect(await clockOf(store, id)).toMatchObject({ deadline_at: time.now });
  await fireDueClocks(store, minutes(10), QUIET);
  expect(await clockOf(store, id)).toMatchObject({ fired: 150, breached_at: time.now });
  expect(await recalculateClocks(store, minutes(10), ADMIN)).toBe(0);
});

/** The configuration as it is with each of these lists of holidays, versions from 1 on. */
function withCalendars(config: Config, lists: readonly (readonly string[])[]) {
  const versions = lists.map((holidays) => testConfig({ calendar: { holidays } }).clocks.calendars.now);
  const of = async (_db: unknown, version: number) => versions[Math.max(1, version) - 1] as Calendars;
  return (version: number) => {
    const calendars = { version, now: versions[version - 1] as Calendars, of };
    return { ...config, clocks: { ...config.clocks, calendars } };
  };
}
