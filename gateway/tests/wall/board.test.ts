/** What the wall counts and shows, of a history whose times the test sets. */
import { type Command, type Reply, sha256, timestamp } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { dispatchDue } from '../../src/dispatch/desk.ts';
import { readMessage } from '../../src/ingest/message.ts';
import { receive } from '../../src/ingest/receive.ts';
import { saveUnits } from '../../src/orders/units.ts';
import { claimAlert } from '../../src/queue/claim.ts';
import type { TicketRow } from '../../src/store/tables/tickets.ts';
import { casesSince } from '../../src/wall/cases.ts';
import { dayFigures } from '../../src/wall/day-figures.ts';
import { todayAndYesterday } from '../../src/wall/days.ts';
import { latestProof } from '../../src/wall/proof.ts';
import { oldestUnanswered } from '../../src/wall/unanswered.ts';
import { receiversOf } from '../../src/workflow/collect.ts';
import { commandTicket } from '../../src/workflow/commands.ts';
import { confirmAlert } from '../../src/workflow/confirm.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { askDueInspections } from '../../src/workflow/inspect.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { TestTime, testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;
const ZONE = 'Asia/Shanghai';

async function city() {
  const { store, time } = await testStore(new TestTime(Date.parse('2026-11-23T08:00:00+08:00')));
  const config = testConfig();
  await store.transaction((tx) => saveUnits(tx, config.units));
  const sees = (camera: string) => alertOf(store, config.alerts, sampleDetection({ camera }));
  const dispatch = async (camera: string): Promise<string> => {
    const alert = await sees(camera);
    await claimAlert(store, config, alert, ACTOR);
    const { id } = await confirmAlert(store, config, alert, {}, ACTOR);
    await dispatchDue(store, config, QUIET);
    return id;
  };
  const give = (id: string, command: 'accept' | 'arrive' | 'repair') =>
    commandTicket(store, config, id, { command }, person('operator'), ACTOR);
  const still = {
    name: 'after.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: sha256('after'),
    bytes: 5,
  } as const;
  /** The camera is asked and says that the road is whole. */
  const prove = async (): Promise<void> => {
    const asked: Command[] = [];
    time.pass(5 * MINUTE);
    await askDueInspections(store, config, (_agent, command) => asked.push(command), QUIET);
    for (const { id } of asked) {
      const inspection = { result: 'pass', looked: 12, seen: 0, score: 0 } as const;
      const evidence = [{ ...still, capturedAt: timestamp(time.now) }];
      const value: Reply = { v: 1, id, at: timestamp(time.now), outcome: 'done', inspection, evidence };
      const payload = Buffer.from(JSON.stringify(value));
      const message = readMessage({ topic: `roadwatch/v1/binjiang/edge-1/replies/${id}`, payload });
      await store.transaction((tx) => receive(tx, [message], receiversOf(config.alerts)));
    }
  };
  const figures = async () => {
    const { today, yesterday } = todayAndYesterday(time.now, ZONE);
    await fireDueClocks(store, config, QUIET);
    return {
      today: await dayFigures(store.db, today, time.now),
      yesterday: await dayFigures(store.db, yesterday, time.now),
    };
  };
  const numberOf = async (id: string): Promise<string> => {
    const rows = store.db.selectFrom('tickets').select('number').where('id', '=', id);
    return ((await rows.executeTakeFirstOrThrow()) as Pick<TicketRow, 'number'>).number;
  };
  return { store, time, sees, dispatch, give, prove, figures, numberOf };
}

test('the five figures count what is decided by now, each thing once', async () => {
  const { time, sees, dispatch, give, prove, figures } = await city();
  const nothing = {
    alerts: 0,
    dispatched: 0,
    answered: { count: 0, of: 0 },
    arrived: { count: 0, of: 0 },
    proven: 0,
  };
  expect(await figures()).toEqual({ today: nothing, yesterday: nothing });
  await sees('waiting');
  const quick = await dispatch('quick');
  const slow = await dispatch('slow');
  await dispatch('silent');
  time.pass(10 * MINUTE);
  await give(quick, 'accept');
  await give(quick, 'arrive');
  expect((await figures()).today).toEqual({
    ...nothing,
    alerts: 4,
    dispatched: 3,
    answered: { count: 1, of: 1 },
    arrived: { count: 1, of: 1 },
  });
  time.pass(30 * MINUTE);
  await give(slow, 'accept');
  await give(slow, 'arrive');
  await give(quick, 'repair');
  await prove();
  const { today } = await figures();
  expect(today).toEqual({
    alerts: 4,
    dispatched: 3,
    answered: { count: 1, of: 3 },
    arrived: { count: 1, of: 3 },
    proven: 1,
  });
  time.pass(24 * 60 * MINUTE);
  expect(await figures()).toEqual({ today: nothing, yesterday: today });
});

test('yesterday counts until the same time of day, in the time of the city', () => {
  const now = Date.parse('2026-11-24T00:30:00+08:00');
  const { today, yesterday } = todayAndYesterday(now, ZONE);
  expect([today.from, yesterday.from, yesterday.until - 1]).toEqual(
    ['2026-11-24T00:00:00+08:00', '2026-11-23T00:00:00+08:00', '2026-11-23T00:30:00+08:00'].map(Date.parse),
  );
  const berlin = todayAndYesterday(Date.parse('2026-03-30T12:00:00+02:00'), 'Europe/Berlin').yesterday;
  expect(berlin).toEqual({
    from: Date.parse('2026-03-29T00:00:00+01:00'),
    until: Date.parse('2026-03-29T12:00:00+02:00') + 1,
  });
});

test('a case shows how far its way has come, and the one with the latest step stands first', async () => {
  const { store, time, sees, dispatch, give, prove } = await city();
  const mended = await dispatch('mended');
  time.pass(MINUTE);
  await sees('fresh');
  time.pass(MINUTE);
  for (const step of ['accept', 'arrive', 'repair'] as const) await give(mended, step);
  await prove();
  const { cases, total } = await casesSince(store.db, time.now);
  expect(total).toBe(2);
  expect(cases).toMatchObject([
    {
      place: { en: 'mended' },
      state: 'inspecting',
      unit: { en: 'Road maintenance' },
      provenAt: timestamp(time.now),
    },
    { place: { en: 'fresh' }, state: null, number: null, unit: null, dispatchedAt: null, provenAt: null },
  ]);
  // Nobody's name, and no word that a person wrote.
  expect(JSON.stringify(cases)).not.toMatch(/ann|user/);
  time.pass(24 * 60 * MINUTE + 1);
  expect(await casesSince(store.db, time.now)).toEqual({ cases: [], total: 0 });
});

test('of the tickets that wait for an answer the one due first is large, and the others are counted', async () => {
  const { store, time, dispatch, give, numberOf } = await city();
  expect(await oldestUnanswered(store.db)).toBeNull();
  const first = await dispatch('first');
  time.pass(MINUTE);
  const second = await dispatch('second');
  expect(await oldestUnanswered(store.db)).toMatchObject({
    number: await numberOf(first),
    place: { en: 'first' },
    deadlineAt: timestamp(time.now + 29 * MINUTE),
    others: 1,
  });
  await give(first, 'accept');
  expect(await oldestUnanswered(store.db)).toMatchObject({ number: await numberOf(second), others: 0 });
});

test('a proof is shown once both pictures are there', async () => {
  const { store, dispatch, give, prove } = await city();
  const id = await dispatch('mended');
  for (const step of ['accept', 'arrive', 'repair'] as const) await give(id, step);
  await prove();
  expect(await latestProof(store.db)).toBeNull();
  const row = await store.db.selectFrom('alerts').select('detection_id').executeTakeFirstOrThrow();
  await store.transaction(async (tx) => {
    const stored = { content_type: 'image/jpeg', bytes: 5, stored_at: tx.at };
    for (const name of ['before', 'after'])
      await tx.db
        .insertInto('evidence')
        .values({ sha256: sha256(name), ...stored })
        .execute();
    const ref = { name: 'still.jpg', kind: 'still', content_type: 'image/jpeg', captured_at: tx.at } as const;
    await tx.db
      .insertInto('detection_evidence')
      .values({ detection_id: row.detection_id, sha256: sha256('before'), ...ref })
      .execute();
  });
  expect(await latestProof(store.db)).toMatchObject({
    place: { en: 'mended' },
    before: { sha256: sha256('before') },
    after: { sha256: sha256('after') },
  });
});
