import type { Role } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { ACTOR, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';
import { dispatchDue } from '../dispatch/desk.ts';
import { findTicket } from '../tickets/view.ts';
import { type CommandInput, commandTicket } from './commands.ts';
import { fireDueClocks } from './fire-clocks.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const name = { en: 'x', zh: 'x' };
const SETTINGS = {
  clocks: { resolutionHours: { pothole: 24 } },
  units: [
    { id: 'roads', name, default: true },
    { id: 'drains', name },
  ],
};

async function accepted() {
  const { store, time } = await testStore();
  const { config, id } = await dispatchedTicket(store, SETTINGS);
  const give = (input: CommandInput, role: Role = 'shift_lead') =>
    commandTicket(store, config, id, input, person(role, role === 'unit' ? 'roads' : null), ACTOR);
  const ticket = async (role: Role = 'shift_lead', unit = 'roads') => {
    const found = await findTicket(store.db, id, person(role, role === 'unit' ? unit : null));
    if (found === null) throw new Error('no ticket');
    return found;
  };
  const clock = async (kind: string) => (await ticket()).clocks.find((each) => each.kind === kind);
  const told = async (kind: string) => {
    const rows = await store.db
      .selectFrom('notices')
      .selectAll()
      .where('kind', '=', kind as never)
      .where('ended_at', 'is', null)
      .execute();
    return rows.map(({ audience, percent }) => `${audience} ${percent}`).sort();
  };
  await give({ command: 'accept' }, 'unit');
  return { store, config, time, id, give, ticket, clock, told };
}

test('a unit asks for more time, the lead of the shift gives it, and the clock keeps its start', async () => {
  const { time, give, ticket, clock, told, store, config } = await accepted();
  const due = time.now + DAY;
  time.pass(13 * HOUR);
  await fireDueClocks(store, config, QUIET);
  expect(await told('resolution')).toEqual(['unit 50']);
  const until = due + DAY;
  await give({ command: 'ask_extension', reason: 'waits for asphalt', until }, 'unit');
  expect(await told('extension_asked')).toEqual(['shift_lead 0']);
  expect((await ticket('unit')).commands).not.toContain('ask_extension');
  expect(await clock('resolution')).toMatchObject({ deadlineAt: new Date(due).toISOString() });
  await expect(give({ command: 'ask_extension', reason: 'again', until }, 'unit')).rejects.toThrow(
    'asked for already',
  );

  await give({ command: 'extend', reason: 'granted' });
  expect(await clock('resolution')).toMatchObject({
    deadlineAt: new Date(until).toISOString(),
    breachedAt: null,
  });
  expect(await ticket()).toMatchObject({
    deadlineAt: new Date(until).toISOString(),
    extensions: [{ state: 'given', reason: 'waits for asphalt', decidedBy: 'user:ann' }],
  });
  expect([...(await told('extension_asked')), ...(await told('resolution'))]).toEqual([]);
  // Half of the longer time is told anew.
  time.now = due;
  await fireDueClocks(store, config, QUIET);
  expect(await told('resolution')).toEqual(['unit 50']);
});

test('more time is refused with a reason, and can be asked for again', async () => {
  const { time, give, ticket } = await accepted();
  const until = time.now + 2 * DAY;
  await give({ command: 'ask_extension', reason: 'rain', until }, 'unit');
  await expect(give({ command: 'refuse_extension' })).rejects.toThrow('needs a reason');
  await give({ command: 'refuse_extension', reason: 'a main road' });
  expect((await ticket('unit')).commands).toContain('ask_extension');
  await expect(give({ command: 'refuse_extension', reason: 'x' })).rejects.toThrow('nobody has asked');
});

test('more time ends after the deadline and within a year, and a time that is over cannot be extended', async () => {
  const { time, give, store, config } = await accepted();
  const ask = (until?: number) =>
    give({ command: 'extend', reason: 'x', ...(until === undefined ? {} : { until }) });
  await expect(ask()).rejects.toThrow('until: say until when');
  await expect(ask(time.now + HOUR)).rejects.toThrow('after 2026-11-24T08:00:00.000Z');
  await expect(ask(time.now + 800 * DAY)).rejects.toThrow('within a year');
  time.pass(25 * HOUR);
  await fireDueClocks(store, config, QUIET);
  await expect(ask(time.now + DAY)).rejects.toThrow('is over already');
});

test('what was asked for is over once the repair is reported', async () => {
  const { time, give, ticket } = await accepted();
  await give({ command: 'ask_extension', reason: 'rain', until: time.now + 2 * DAY }, 'unit');
  for (const command of ['arrive', 'repair'] as const) await give({ command }, 'unit');
  expect((await ticket()).extensions).toMatchObject([{ state: 'over', decidedBy: null }]);
});

test('a suspended ticket is looked at again on its day, and the lead of the shift is told then', async () => {
  const { time, give, ticket, clock, told, store, config } = await accepted();
  await expect(give({ command: 'suspend', reason: 'winter' })).rejects.toThrow('reviewAt: say when');
  await expect(give({ command: 'suspend', reason: 'winter', reviewAt: time.now })).rejects.toThrow(
    'an instant to come',
  );
  const reviewAt = time.now + 30 * DAY;
  await give({ command: 'suspend', reason: 'winter', reviewAt });
  const day = new Date(reviewAt).toISOString();
  expect(await ticket()).toMatchObject({ state: 'suspended', reviewAt: day, deadlineAt: day });
  time.now = reviewAt;
  await fireDueClocks(store, config, QUIET);
  expect(await told('suspension')).toEqual(['shift_lead 100']);
  await give({ command: 'resume' });
  expect(await ticket()).toMatchObject({ state: 'accepted', reviewAt: null });
  expect(await clock('suspension')).toMatchObject({ state: 'met' });
  expect(await told('suspension')).toEqual([]);
  // The next suspension runs for its own time, not for that of the one before.
  await give({ command: 'suspend', reason: 'snow', reviewAt: time.now + DAY });
  expect((await ticket()).deadlineAt).toBe(new Date(time.now + DAY).toISOString());
});

test('a ticket that a unit has not begun is sent on to another, with a reason, and the first one hears of it', async () => {
  const { store, config, time, give, ticket, id } = await accepted();
  await expect(give({ command: 'reassign', unitId: 'drains' })).rejects.toThrow('needs a reason');
  await expect(give({ command: 'reassign', unitId: 'roads', reason: 'x' })).rejects.toThrow(
    'has the ticket already',
  );
  time.pass(60_000);
  await give({ command: 'reassign', unitId: 'drains', reason: 'it is a drain' });
  await expect(give({ command: 'arrive' }, 'unit')).rejects.toThrow('there is no ticket');
  await dispatchDue(store, config, QUIET);
  expect(await ticket('unit', 'drains')).toMatchObject({ state: 'dispatched', unit: { id: 'drains' } });
  const assignments = await store.db
    .selectFrom('assignments')
    .selectAll()
    .where('ticket_id', '=', id)
    .orderBy('id')
    .execute();
  expect(assignments.map(({ unit_id, state, reason }) => [unit_id, state, reason])).toEqual([
    ['roads', 'recalled', 'it is a drain'],
    ['drains', 'sent', null],
  ]);
  const recalls = await store.db
    .selectFrom('dispatch_outbox')
    .selectAll()
    .where('kind', '=', 'recall')
    .execute();
  expect(recalls).toMatchObject([{ destination: 'roads' }]);
});
