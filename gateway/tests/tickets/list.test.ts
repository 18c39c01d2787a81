/** The list of tickets as a desk reads it: what runs out next on top, whole however long it is, and narrowed to what is sought. */
import { type Detection, newId } from '@roadwatch/contract';
import { CLOCK_KINDS, type TicketLane, type TicketState } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { dispatchDue } from '../../src/dispatch/desk.ts';
import { boxAround, parseArea } from '../../src/geo/area.ts';
import { saveUnits } from '../../src/orders/units.ts';
import { keyOf } from '../../src/store/page.ts';
import { laneTotals } from '../../src/tickets/lane-totals.ts';
import { listTickets, type TicketQuery } from '../../src/tickets/list.ts';
import { confirmAlert } from '../../src/workflow/confirm.ts';
import { moveClocks } from '../../src/workflow/ticket-clocks.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, person, QUIET } from '../../testing/ticket.ts';

const MINUTE = 60_000;
const LEAD = person('shift_lead');
const name = { en: 'x', zh: 'x' };

async function city() {
  const { store, time } = await testStore();
  const config = testConfig({
    clocks: { responseMinutes: 30, resolutionHours: { pothole: 24 } },
    units: [
      { id: 'north', name, default: true },
      { id: 'south', name, classes: ['alligator_crack'] },
    ],
  });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const dispatch = async (changes: Partial<Detection>, note?: string) => {
    const alert = await alertOf(store, config.alerts, sampleDetection(changes));
    const { id } = await confirmAlert(store, config, alert, note === undefined ? {} : { note }, ACTOR);
    await dispatchDue(store, config, QUIET);
    return id;
  };
  const list = async (query: Partial<TicketQuery> = {}, limit = 200, viewer = LEAD, after?: string) =>
    listTickets(
      store.db,
      { order: 'deadline', filter: { open: true }, ...query },
      { limit, ...(after === undefined ? {} : { after: keyOf(after) }) },
      viewer,
    );
  const put = (id: string, state: TicketState) =>
    store.transaction(async (tx) => {
      await tx.db.updateTable('tickets').set({ state }).where('id', '=', id).execute();
    });
  const looked = (ticketId: string, result: 'pass' | 'fail' | 'inconclusive') =>
    store.transaction(async (tx) => {
      await tx.db
        .insertInto('inspections')
        .values({
          id: newId(),
          ticket_id: ticketId,
          state: 'done',
          result,
          reason: null,
          looked: 9,
          seen: 3,
          score: 0.5,
          evidence: '[]',
          missing: null,
          command_id: null,
          attempts: 1,
          max_attempts: 3,
          retry_ms: 0,
          due_at: null,
          requested_at: tx.at,
          requested_by: 'system',
          ended_at: tx.at,
        })
        .execute();
    });
  return { store, time, dispatch, list, put, looked };
}

test('of 60 tickets the one whose deadline comes next is first, and pages hold each one once', async () => {
  const { time, dispatch, list } = await city();
  const opened: string[] = [];
  for (let at = 0; at < 60; at++) {
    opened.push(await dispatch({ camera: `camera-${at}` }));
    time.pass(MINUTE / 4);
  }
  const first = await list({}, 25);
  expect(first.total).toBe(60);
  expect(first.items[0]?.id).toBe(opened[0]);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await list({}, 25, LEAD, after);
    seen.push(...page.items.map(({ id }) => id));
    expect(page.total).toBe(after === undefined ? 60 : null);
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(opened);
});

test('a ticket whose clocks stand still comes after all that run, and overdue ones can be asked for', async () => {
  const { store, time, dispatch, list } = await city();
  const late = await dispatch({ camera: 'late' });
  time.pass(31 * MINUTE);
  const fresh = await dispatch({ camera: 'fresh' });
  const still = await dispatch({ camera: 'still' });
  await store.transaction((tx) =>
    moveClocks(tx, still, CLOCK_KINDS, 'cancelled', testConfig().clocks.calendars),
  );
  const { items } = await list();
  expect(items.map(({ id }) => id)).toEqual([late, fresh, still]);
  expect(items.at(-1)?.deadlineAt).toBeNull();
  const overdue = await list({ filter: { overdueAt: time.now } });
  expect(overdue).toMatchObject({ total: 1, items: [{ id: late }] });
  expect(await laneTotals(store.db, { filter: {} }, time.now)).toEqual([
    { lane: 'waiting', total: 3, overdue: 1 },
  ]);
});

test('what the camera saw after a repair is a lane of its own, by its newest look', async () => {
  const { store, time, dispatch, list, put, looked } = await city();
  const wanted: [TicketState, readonly ('pass' | 'fail' | 'inconclusive')[], TicketLane][] = [
    ['repaired', [], 'checking'],
    ['inspecting', ['inconclusive'], 'checking'],
    ['inspecting', ['fail'], 'still_there'],
    ['repaired', ['fail', 'pass'], 'whole'],
    ['rework', ['fail'], 'at_work'],
    ['returned', [], 'returned'],
    ['suspended', [], 'suspended'],
  ];
  for (const [index, [state, looks, lane]] of wanted.entries()) {
    const id = await dispatch({ camera: `camera-${index}` });
    await put(id, state);
    for (const result of looks) await looked(id, result);
    const found = await list({ filter: { lane } });
    expect(
      found.items.find((ticket) => ticket.id === id),
      `${state} ${looks}`,
    ).toMatchObject({ lane });
    expect(found.items.every((ticket) => ticket.lane === lane)).toBe(true);
  }
  const totals = await laneTotals(store.db, { filter: {} }, time.now);
  expect(new Map(totals.map(({ lane, total }) => [lane, total]))).toEqual(
    new Map([
      ['checking', 2],
      ['still_there', 1],
      ['whole', 1],
      ['at_work', 1],
      ['returned', 1],
      ['suspended', 1],
    ]),
  );
});

test('a list is narrowed by unit, class, camera, area, time and words', async () => {
  const { store, time, dispatch, list } = await city();
  const inside = { latitude: 30.25, longitude: 120.15 };
  const north = await dispatch({ camera: 'bridge', position: inside }, 'before the school, 100% urgent');
  time.pass(60 * MINUTE);
  const noon = time.now;
  const south = await dispatch({
    camera: 'gate',
    damageClass: 'alligator_crack',
    position: { latitude: 31.9, longitude: 120.2 },
  });
  await store.transaction(async (tx) => {
    const state = JSON.stringify({ name: { en: 'Wentao Road', zh: '闻涛路' }, state: 'streaming' });
    await tx.db.updateTable('cameras').set({ state }).where('camera', '=', 'gate').execute();
  });
  const ring = [
    [120.1, 30.1],
    [120.3, 30.1],
    [120.3, 30.3],
    [120.1, 30.1],
  ];
  const area = parseArea({ type: 'Polygon', coordinates: [ring] });
  const found = async (query: Partial<TicketQuery>) => {
    const { items, total } = await list(query);
    expect(total).toBe(items.length);
    return items.map(({ id }) => id);
  };
  expect(await found({ filter: { unitId: 'south' } })).toEqual([south]);
  expect(await found({ filter: { damageClass: 'pothole' } })).toEqual([north]);
  expect(await found({ filter: { camera: 'binjiang/edge-1/gate' } })).toEqual([south]);
  expect(await found({ filter: { from: noon } })).toEqual([south]);
  expect(await found({ filter: { to: noon } })).toEqual([north]);
  expect(await found({ filter: { text: '闻涛' } })).toEqual([south]);
  expect(await found({ filter: { text: 'SCHOOL' } })).toEqual([north]);
  expect(await found({ filter: { text: '100%' } })).toEqual([north]);
  expect(await found({ filter: { text: '1_0' } })).toEqual([]);
  expect(await found({ filter: { text: 'streaming' } })).toEqual([]);
  // Of some that are on the screen, those that are in the list still; how many there are in all stands beside them.
  expect(await list({ filter: { ids: [south] } })).toMatchObject({ total: 2, items: [{ id: south }] });
  // The point lies in the box around the triangle, above its long side.
  expect(await found({ filter: { box: boxAround(area) }, area })).toEqual([]);
  const whole = parseArea({ type: 'Polygon', coordinates: [[...ring.slice(0, 3), [120.1, 30.3], ring[0]]] });
  expect(await found({ filter: { box: boxAround(whole) }, area: whole })).toEqual([north]);
});
