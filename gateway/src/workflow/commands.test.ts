import { type Role, TICKET_COMMANDS, type TicketCommand, type TicketState } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, dispatchedTicket, person, QUIET } from '../../testing/ticket.ts';
import { dispatchDue } from '../dispatch/desk.ts';
import type { Store } from '../store/database.ts';
import { commandsFor, TRANSITIONS } from '../tickets/machine.ts';
import { type CommandInput, commandTicket } from './commands.ts';

const TWO_UNITS = {
  units: [
    { id: 'roads', name: { en: 'Roads', zh: '道路' }, default: true },
    { id: 'drains', name: { en: 'Drains', zh: '排水' } },
  ],
};

async function ticketOf(store: Store, id: string) {
  return store.db.selectFrom('tickets').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

test('a ticket goes from dispatch to a closed repair, each step by whom it belongs to', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store, TWO_UNITS);
  const steps: [Role, CommandInput, TicketState][] = [
    ['unit', { command: 'accept' }, 'accepted'],
    ['unit', { command: 'arrive' }, 'on_site'],
    ['unit', { command: 'make_safe' }, 'made_safe'],
    ['unit', { command: 'repair' }, 'repaired'],
    ['inspector', { command: 'inspect' }, 'inspecting'],
    ['inspector', { command: 'rework', reason: 'edge is loose' }, 'rework'],
    ['unit', { command: 'accept' }, 'accepted'],
    ['unit', { command: 'arrive' }, 'on_site'],
    ['unit', { command: 'repair' }, 'repaired'],
    ['inspector', { command: 'close', reason: 'holds', outcome: 'repaired' }, 'closed'],
  ];
  for (const [role, input, state] of steps) {
    time.pass(60_000);
    const unit = role === 'unit' ? 'roads' : null;
    await commandTicket(store, config, id, input, person(role, unit), ACTOR);
    expect((await ticketOf(store, id)).state).toBe(state);
  }
  expect(await ticketOf(store, id)).toMatchObject({ outcome: 'repaired', closed_at: time.now });
  const assignments = await store.db.selectFrom('assignments').selectAll().execute();
  expect(assignments).toMatchObject([{ unit_id: 'roads', state: 'done', ended_at: time.now }]);
});

test('a unit that is not responsible returns the ticket, and another gets it with a fresh response time', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store, TWO_UNITS);
  const give = (input: CommandInput, role: Role, unit: string | null = null) =>
    commandTicket(store, config, id, input, person(role, unit), ACTOR);
  time.pass(25 * 60_000);
  await expect(give({ command: 'return' }, 'unit', 'roads')).rejects.toThrow('reason: return needs a reason');
  await give({ command: 'return', reason: 'a manhole' }, 'unit', 'roads');
  await expect(give({ command: 'reassign', unitId: 'nobody' }, 'operator')).rejects.toThrow(
    /no unit "nobody"/,
  );
  await give({ command: 'reassign', unitId: 'drains' }, 'operator');
  await expect(give({ command: 'accept' }, 'unit', 'roads')).rejects.toThrow(/there is no ticket/);
  await dispatchDue(store, config, QUIET);
  expect(await ticketOf(store, id)).toMatchObject({ state: 'dispatched', unit_id: 'drains' });
  const response = store.db.selectFrom('clocks').selectAll().where('kind', '=', 'response');
  expect((await response.executeTakeFirstOrThrow()).deadline_at).toBe(time.now + 30 * 60_000);
  await give({ command: 'accept' }, 'unit', 'drains');
  const assignments = await store.db.selectFrom('assignments').selectAll().orderBy('id').execute();
  expect(assignments.map(({ unit_id, state }) => [unit_id, state])).toEqual([
    ['roads', 'returned'],
    ['drains', 'sent'],
  ]);
});

test('somebody who saw an older version is told, and changes nothing', async () => {
  const { store } = await testStore();
  const { id, config } = await dispatchedTicket(store);
  const { version } = await ticketOf(store, id);
  const operator = person('operator');
  await commandTicket(store, config, id, { command: 'accept', version }, operator, ACTOR);
  const late = commandTicket(store, config, id, { command: 'cancel', reason: 'x', version }, operator, ACTOR);
  await expect(late).rejects.toThrow(/has changed meanwhile; it is accepted now/);
  expect((await ticketOf(store, id)).state).toBe('accepted');
});

test('closing names an outcome, and frees the place for a new alert linked to the old', async () => {
  const { store } = await testStore();
  const { id, config } = await dispatchedTicket(store);
  const lead = person('shift_lead');
  const give = (input: CommandInput) => commandTicket(store, config, id, input, lead, ACTOR);
  for (const command of ['arrive', 'repair'] as const) await give({ command });
  await expect(give({ command: 'close', reason: 'done' })).rejects.toThrow(
    'outcome: closing needs an outcome',
  );
  await give({ command: 'close', reason: 'done', outcome: 'repaired' });
  const [alert] = await store.db.selectFrom('alerts').selectAll().execute();
  expect(alert).toMatchObject({ state: 'confirmed', open_key: null, ticket_id: id });
  const again = await alertOf(store, config.alerts, sampleDetection());
  const recurrence = store.db.selectFrom('alerts').selectAll().where('id', '=', again);
  expect(await recurrence.executeTakeFirst()).toMatchObject({ state: 'new', recurrence_of: alert?.id });
});

describe('what a role may not do, it cannot do in any state', () => {
  const states = [...new Set(Object.values(TRANSITIONS).flatMap(({ from, to }) => [...from, to]))];
  const never: [Role, readonly TicketCommand[]][] = [
    ['viewer', TICKET_COMMANDS],
    ['unit', ['inspect', 'rework', 'close', 'cancel', 'suspend', 'resume', 'reassign']],
    [
      'inspector',
      ['accept', 'return', 'arrive', 'make_safe', 'repair', 'cancel', 'suspend', 'resume', 'reassign'],
    ],
    ['operator', ['suspend', 'resume']],
  ];
  test.each(never)('%s', (role, commands) => {
    for (const state of states)
      expect(
        commandsFor({ state, camera: 'gate' }, role).filter((command) => commands.includes(command)),
      ).toEqual([]);
  });

  test('nothing leads out of closed and cancelled', () => {
    for (const role of ['admin', 'shift_lead'] as const)
      for (const state of ['closed', 'cancelled'] as const)
        expect(commandsFor({ state, camera: 'gate' }, role)).toEqual([]);
  });
});
