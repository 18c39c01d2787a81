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
import { assignmentsOf, type TransitionConfig } from './effects.ts';
import { extendByCommand } from './extend.ts';
import { moveTicket } from './move.ts';
import { startHandover } from './ticket-clocks.ts';

const MOST_SUSPENDED_MS = 366 * 86_400_000;
const EXTENSIONS: ReadonlySet<TicketCommand> = new Set(['ask_extension', 'extend', 'refuse_extension']);

export interface CommandInput {
  readonly command: TicketCommand;
  /** The version that the person saw; left out by those who do not mind. */
  readonly version?: number;
  readonly reason?: string;
  readonly outcome?: TicketOutcome;
  readonly unitId?: string;
  /** Of a suspension: when somebody looks at it again. */
  readonly reviewAt?: number;
  /** Of more time. */
  readonly until?: number;
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
  const { command, reason = '', until, reviewAt } = input;
  switch (command) {
    case 'reassign':
      return reassign(tx, config, ticket, input, actor);
    case 'ask_extension':
    case 'extend':
    case 'refuse_extension': {
      const asked = { command, reason, ...(until === undefined ? {} : { until }) };
      return extendByCommand(tx, config, ticket, asked, actor);
    }
    default:
      if (command === 'suspend') checkReview(reviewAt, tx.at);
      await moveTicket(tx, config, ticket, targetOf(ticket, command), {
        actor,
        command,
        reason: input.reason ?? null,
        outcome: input.outcome ?? null,
        ...(command === 'suspend' && reviewAt !== undefined ? { reviewAt } : {}),
      });
  }
}

function targetOf({ suspended_from }: TicketRow, command: keyof typeof TRANSITIONS | 'resume'): TicketState {
  return command === 'resume' ? (suspended_from as TicketState) : TRANSITIONS[command].to;
}

function checkReview(reviewAt: number | undefined, now: number): void {
  if (reviewAt === undefined)
    throw new Refusal('ticket_review_missing', 'reviewAt: say when somebody is to look at it again');
  if (reviewAt <= now || reviewAt > now + MOST_SUSPENDED_MS)
    throw new Refusal('ticket_review_invalid', 'reviewAt: expected an instant to come, within a year');
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
  const sentOn = command === 'reassign' && ticket.state !== 'returned';
  if ((transition?.reason || sentOn || EXTENSIONS.has(command)) && !reason?.trim())
    throw new Refusal('ticket_reason_missing', `reason: ${command} needs a reason`);
  if (command === 'close' && outcome === undefined)
    throw new Refusal('ticket_outcome_missing', 'outcome: closing needs an outcome');
  if (command === 'reassign' && unitId === undefined)
    throw new Refusal('ticket_unit_missing', 'unitId: name the unit that takes over');
  if (sentOn && unitId === ticket.unit_id)
    throw new Refusal('ticket_same_unit', `unitId: ${unitId} has the ticket already`);
}

async function reassign(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  { unitId, reason }: CommandInput,
  actor: Actor,
): Promise<void> {
  await checkUnit(tx, unitId as string);
  // Whoever has it must not begin with it any more.
  if (ticket.state !== 'returned') await assignmentsOf(tx, ticket.id, 'filed', reason ?? null);
  await assign(tx, ticket.id, unitId as string, config.dispatch.recallSeconds * 1000);
  await startHandover(tx, config, ticket.id);
  await moveTicket(tx, config, { ...ticket, unit_id: unitId as string }, 'filed', {
    actor,
    command: 'reassign',
    reason: reason ?? null,
    outcome: null,
  });
}
