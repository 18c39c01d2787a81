/** Commands on tickets: checked against state, role and row version, and carried out in one transaction. */
import { closePlaces } from '../alerts/merged-group.ts';
import { hasCamera } from '../cameras/source.ts';
import { clockEvent, startClock, startHandover } from '../clocks/clocks.ts';
import { endEvents } from '../clocks/notices.ts';
import { type ClockTime, reviewTime, reworkTime, timesOf } from '../clocks/sla.ts';
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import type { User } from '../identity/users.ts';
import { cancelInspections, scheduleInspection } from '../inspections/inspections.ts';
import { cancelOrders, placeOrder } from '../orders/outbox.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import { CLOCK_KINDS, type ClockKind } from '../store/tables/clocks.ts';
import type { TicketRow, TicketState } from '../store/tables/tickets.ts';
import {
  commandsFor,
  isOpen,
  type TicketCommand,
  type TicketOutcome,
  TRANSITIONS,
  type Transition,
} from '../tickets/machine.ts';
import { assign } from '../tickets/open.ts';
import { maySee } from '../tickets/view.ts';

export interface CommandInput {
  readonly command: TicketCommand;
  /** The version that the person saw; left out by those who do not mind. */
  readonly version?: number;
  readonly reason?: string;
  readonly outcome?: TicketOutcome;
  readonly unitId?: string;
}

type TransitionConfig = Pick<Config, 'clocks' | 'dispatch' | 'inspection'>;

const MINUTE_MS = 60_000;
/** What counts until the road is whole; it stands still while the ticket is suspended. */
const REPAIR = ['resolution', 'rework'] as const;
const STAMPS: Partial<Record<TicketState, keyof TicketRow>> = {
  accepted: 'accepted_at',
  on_site: 'on_site_at',
  made_safe: 'made_safe_at',
  repaired: 'repaired_at',
  closed: 'closed_at',
  cancelled: 'closed_at',
};

/** Throws Refusal. */
export async function commandTicket(
  store: Store,
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
    throw new Refusal('not_found', `there is no ticket ${name}`);
  check(ticket, input, user);
}

function check(
  ticket: TicketRow,
  { command, version, reason, outcome, unitId }: CommandInput,
  user: User,
): void {
  if (version !== undefined && version !== ticket.version)
    throw new Refusal('conflict', `ticket ${ticket.number} has changed meanwhile; it is ${ticket.state} now`);
  if (!commandsFor(ticket, user.role).includes(command)) {
    const possible = commandsFor(ticket, user.role).join(', ') || 'nothing';
    throw new Refusal(
      'conflict',
      `${command} is not possible: the ticket is ${ticket.state}; you can do: ${possible}`,
    );
  }
  const transition: Transition | undefined =
    command in TRANSITIONS ? TRANSITIONS[command as keyof typeof TRANSITIONS] : undefined;
  if (transition?.reason && !reason?.trim())
    throw new Refusal('invalid', `reason: ${command} needs a reason`);
  if (command === 'close' && outcome === undefined)
    throw new Refusal('invalid', 'outcome: closing needs an outcome');
  if (command === 'reassign' && unitId === undefined)
    throw new Refusal('invalid', 'unitId: name the unit that takes over');
}

async function reassign(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  { unitId, reason }: CommandInput,
  actor: Actor,
): Promise<void> {
  const unit = await tx.db
    .selectFrom('units')
    .select('id')
    .where('id', '=', unitId as string)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (unit === undefined) throw new Refusal('invalid', `unitId: there is no unit ${JSON.stringify(unitId)}`);
  await assign(tx, ticket.id, unit.id, config.dispatch.recallSeconds * 1000);
  await startHandover(tx, config, ticket.id);
  await moveTicket(tx, config, { ...ticket, unit_id: unit.id }, 'filed', {
    actor,
    command: 'reassign',
    reason: reason ?? null,
    outcome: null,
  });
}

export interface Move {
  readonly actor: Actor;
  readonly command: string;
  readonly reason: string | null;
  readonly outcome: string | null;
}

/** Puts the ticket into a state, with all that belongs to it: its stamps, clocks, assignments, orders and alert. */
export async function moveTicket(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  to: TicketState,
  move: Move,
): Promise<void> {
  const stamp = STAMPS[to];
  await tx.db
    .updateTable('tickets')
    .set({
      state: to,
      unit_id: ticket.unit_id,
      version: ticket.version + 1,
      updated_at: tx.at,
      suspended_from: to === 'suspended' ? ticket.state : null,
      ...(stamp === undefined ? {} : { [stamp]: tx.at }),
      ...(move.outcome === null ? {} : { outcome: move.outcome }),
      ...(to === 'rework' && ticket.state !== 'suspended' ? { rework_reason: move.reason } : {}),
    })
    .where('id', '=', ticket.id)
    .execute();
  await clocksOf(tx, config, ticket, to);
  await inspectionsOf(tx, config, ticket, to, move);
  await endEvents(tx, ticket.id);
  if (to === 'rework') await orderRework(tx, ticket);
  else await cancelOrders(tx, ticket.id, 'rework');
  if (!isOpen(to) || to === 'returned') await endAssignments(tx, ticket.id, to, move.reason);
  if (!isOpen(to)) await closePlaces(tx, ticket.alert_id);
  tx.audit({
    ...authorOf(move.actor),
    action: `ticket.${move.command}`,
    subject: `ticket:${ticket.id}`,
    before: { state: ticket.state },
    after: { state: to, unit: ticket.unit_id, reason: move.reason, outcome: move.outcome },
  });
  tx.changed({ kind: 'ticket', subject: ticket.id, data: { state: to } });
  tx.changed({ kind: 'alert', subject: ticket.alert_id, data: { ticket: to } });
}

/** What a change of state means for the clocks, in the same transaction. */
async function clocksOf(tx: Tx, config: TransitionConfig, ticket: TicketRow, to: TicketState): Promise<void> {
  const { at } = tx;
  const { clocks } = config;
  const on = (
    event: 'met' | 'paused' | 'resumed' | 'cancelled' | 'reopened' | 'restarted',
    kinds: readonly ClockKind[],
  ) => clockEvent(tx, ticket.id, kinds, { event, at }, clocks.calendars);
  const start = ({ kind, ...time }: ClockTime) => startClock(tx, ticket.id, kind, time, clocks.calendars);
  if (ticket.state === 'suspended') await on('resumed', REPAIR);
  switch (to) {
    case 'accepted':
    case 'on_site':
    case 'made_safe':
      return on('met', ['response']);
    case 'returned':
      return on('cancelled', ['response', 'scene_look', 'rework']);
    case 'repaired':
      await on('met', ['response', ...REPAIR]);
      await on('cancelled', ['scene_look']);
      // Otherwise it is judged once the camera has looked.
      if (!isInspected(config, ticket)) await start(reviewTime(clocks, ticket.damage_class));
      return;
    case 'inspecting':
      return on('cancelled', ['review']);
    case 'rework':
      if (ticket.state === 'suspended') return;
      await on('met', ['review']);
      await on('reopened', ['resolution']);
      return start(reworkTime(clocks, ticket.damage_class));
    case 'closed':
      return on('met', ['review']);
    case 'suspended':
      return on('paused', REPAIR);
    case 'cancelled':
      return on('cancelled', CLOCK_KINDS);
    default:
      return;
  }
}

/** Whether the camera looks by itself once the repair is reported. */
function isInspected({ inspection }: TransitionConfig, ticket: TicketRow): boolean {
  return inspection.automatic && hasCamera(ticket);
}

async function inspectionsOf(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  to: TicketState,
  { actor }: Move,
): Promise<void> {
  const by = actor.name;
  const { inspection } = config;
  if (to === 'repaired' && isInspected(config, ticket))
    await scheduleInspection(tx, ticket.id, inspection, {
      at: tx.at + inspection.afterMinutes * MINUTE_MS,
      by,
    });
  if (to === 'inspecting') await scheduleInspection(tx, ticket.id, inspection, { at: tx.at, by });
  if (to === 'rework' || !isOpen(to)) await cancelInspections(tx, ticket.id);
}

async function endAssignments(
  tx: Tx,
  ticketId: string,
  to: TicketState,
  reason: string | null,
): Promise<void> {
  const state = to === 'returned' ? 'returned' : to === 'closed' ? 'done' : 'recalled';
  await tx.db
    .updateTable('assignments')
    .set({ state, ended_at: tx.at, reason })
    .where('ticket_id', '=', ticketId)
    .where('ended_at', 'is', null)
    .execute();
  if (to === 'cancelled') await orderRecalls(tx, ticketId);
  await cancelOrders(tx, ticketId, 'dispatch');
}

/** The unit's own system hears that the repair did not hold; on the desk it is there to be seen. */
async function orderRework(tx: Tx, { id: ticketId, unit_id: unitId }: TicketRow): Promise<void> {
  const assignment = await tx.db
    .selectFrom('assignments')
    .select('id')
    .where('ticket_id', '=', ticketId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (assignment !== undefined)
    await placeOrder(tx, { ticketId, assignmentId: assignment.id, unitId, kind: 'rework', at: tx.at });
}

/** Whoever has, or may have, received the order is told that it no longer holds. */
async function orderRecalls(tx: Tx, ticketId: string): Promise<void> {
  const orders = await tx.db
    .selectFrom('dispatch_outbox')
    .innerJoin('assignments', 'assignments.id', 'dispatch_outbox.assignment_id')
    .selectAll('dispatch_outbox')
    .where('dispatch_outbox.ticket_id', '=', ticketId)
    .where('dispatch_outbox.kind', '=', 'dispatch')
    .where('dispatch_outbox.attempts', '>', 0)
    .where('assignments.state', '=', 'recalled')
    .where('assignments.ended_at', '=', tx.at)
    .execute();
  for (const { assignment_id: assignmentId, destination: unitId, state, next_attempt_at } of orders) {
    // An order that is under way must not arrive after its recall.
    const at = state === 'pending' ? next_attempt_at : tx.at;
    await placeOrder(tx, { ticketId, assignmentId, unitId, kind: 'recall', at });
  }
}

/** The unit has the ticket: its time begins, and that of handing over ends. */
export async function markDispatched(tx: Tx, config: TransitionConfig, ticket: TicketRow): Promise<void> {
  await tx.db
    .updateTable('tickets')
    .set({ state: 'dispatched', dispatched_at: tx.at, updated_at: tx.at, version: ticket.version + 1 })
    .where('id', '=', ticket.id)
    .execute();
  await clockEvent(tx, ticket.id, ['handover'], { event: 'met', at: tx.at }, config.clocks.calendars);
  const times = timesOf(config.clocks, ticket.damage_class);
  // Without a camera nobody can look at the scene.
  for (const { kind, ...time } of times.filter(({ kind }) => kind !== 'scene_look' || hasCamera(ticket)))
    await startClock(tx, ticket.id, kind, time, config.clocks.calendars);
  tx.audit({
    actor: 'system',
    channel: 'gateway',
    action: 'ticket.dispatched',
    subject: `ticket:${ticket.id}`,
    after: { unit: ticket.unit_id },
  });
  tx.changed({ kind: 'ticket', subject: ticket.id, data: { state: 'dispatched' } });
}
