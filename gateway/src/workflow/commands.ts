/** Commands on tickets: checked against state, role and row version, and carried out in one transaction. */

import type { TicketCommand, TicketOutcome, TicketState } from '@roadwatch/contract/api';
import type { Actor } from '../identity/actor.ts';
import type { User } from '../identity/users.ts';
import { checkUnit } from '../orders/units.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Transactions, Tx } from '../store/database.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { commandsFor, TRANSITIONS, type Transition } from '../tickets/machine.ts';
import { assign } from '../tickets/open.ts';
import { maySee } from '../tickets/view.ts';
import type { TransitionConfig } from './effects.ts';
import { moveTicket } from './move.ts';
import { startHandover } from './ticket-clocks.ts';

export interface CommandInput {
  readonly command: TicketCommand;
  /** The version that the person saw; left out by those who do not mind. */
  readonly version?: number;
  readonly reason?: string;
  readonly outcome?: TicketOutcome;
  readonly unitId?: string;
}

/** Throws Refusal. */
export async function commandTicket(
  store: Transactions,
  config: TransitionConfig,
  id: string,
  input: CommandInput,
  user: User,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', id);
    await moveByCommand(tx, config, await tx.locked(query).executeTakeFirst(), id, input, user, actor);
  });
}

/** As `commandTicket`, on a ticket that has been read and locked; `name` is how the caller called it. */
export async function moveByCommand(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow | undefined,
  name: string,
  input: CommandInput,
  user: User,
  actor: Actor,
): Promise<void> {
  allow(ticket, name, input, user);
  if (input.command === 'reassign') return reassign(tx, config, ticket, input, actor);
  const to =
    input.command === 'resume' ? (ticket.suspended_from as TicketState) : TRANSITIONS[input.command].to;
  await moveTicket(tx, config, ticket, to, {
    actor,
    command: input.command,
    reason: input.reason ?? null,
    outcome: input.outcome ?? null,
  });
}

/** Throws the Refusal that the command would meet now. */
export async function mayCommand(
  db: Store['db'],
  id: string,
  input: CommandInput,
  user: User,
): Promise<void> {
  const ticket = await db.selectFrom('tickets').selectAll().where('id', '=', id).executeTakeFirst();
  allow(ticket, id, input, user);
}

function allow(
  ticket: TicketRow | undefined,
  name: string,
  input: CommandInput,
  user: User,
): asserts ticket is TicketRow {
  if (ticket === undefined || !maySee(ticket, user))
    throw new Refusal('ticket_unknown', `there is no ticket ${name}`);
  check(ticket, input, user);
}

function check(
  ticket: TicketRow,
  { command, version, reason, outcome, unitId }: CommandInput,
  user: User,
): void {
  if (version !== undefined && version !== ticket.version)
    throw new Refusal(
      'ticket_changed',
      `ticket ${ticket.number} has changed meanwhile; it is ${ticket.state} now`,
    );
  if (!commandsFor(ticket, user.role).includes(command)) {
    const possible = commandsFor(ticket, user.role).join(', ') || 'nothing';
    throw new Refusal(
      'ticket_command_impossible',
      `${command} is not possible: the ticket is ${ticket.state}; you can do: ${possible}`,
    );
  }
  const transition: Transition | undefined =
    command in TRANSITIONS ? TRANSITIONS[command as keyof typeof TRANSITIONS] : undefined;
  if (transition?.reason && !reason?.trim())
    throw new Refusal('ticket_reason_missing', `reason: ${command} needs a reason`);
  if (command === 'close' && outcome === undefined)
    throw new Refusal('ticket_outcome_missing', 'outcome: closing needs an outcome');
  if (command === 'reassign' && unitId === undefined)
    throw new Refusal('ticket_unit_missing', 'unitId: name the unit that takes over');
}

async function reassign(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  { unitId, reason }: CommandInput,
  actor: Actor,
): Promise<void> {
  await checkUnit(tx, unitId as string);
  await assign(tx, ticket.id, unitId as string, config.dispatch.recallSeconds * 1000);
  await startHandover(tx, config, ticket.id);
  await moveTicket(tx, config, { ...ticket, unit_id: unitId as string }, 'filed', {
    actor,
    command: 'reassign',
    reason: reason ?? null,
    outcome: null,
  });
}
