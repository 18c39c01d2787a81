/** More time for a repair (延期): its clock gets it, in the time that it counts, and what was told of the old deadline ends. */
import { calendarOf, clockEvent } from '../clocks/clocks.ts';
import { endEvents, tellOf } from '../clocks/notices.ts';
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { cancelOrders } from '../orders/outbox.ts';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import type { ClockRow } from '../store/tables/clocks.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { askExtension, clockToExtend, decideExtension, openExtension } from '../tickets/extensions.ts';
import { touch } from '../tickets/state.ts';

/** Longer than any repair may be put off without a person looking at it again. */
const MOST_MS = 366 * 86_400_000;

export interface ExtensionInput {
  readonly command: 'ask_extension' | 'extend' | 'refuse_extension';
  readonly reason: string;
  /** Left out by who gives what was asked for. */
  readonly until?: number;
}

/** On a ticket that has been read and locked. Throws Refusal. */
export async function extendByCommand(
  tx: Tx,
  config: Pick<Config, 'clocks'>,
  ticket: TicketRow,
  input: ExtensionInput,
  actor: Actor,
): Promise<void> {
  const { command, reason } = input;
  const asked = await openExtension(tx, ticket.id);
  let until: number | null = null;
  if (command === 'refuse_extension') {
    if (asked === null) throw new Refusal('ticket_command_impossible', 'nobody has asked for more time');
    await decideExtension(tx, asked.id, command, actor.name);
  } else {
    const clock = await clockOf(tx, ticket.id);
    until = untilOf(input.until ?? (command === 'extend' ? asked?.until_at : undefined), clock, tx.at);
    if (command === 'ask_extension' && asked !== null)
      throw new Refusal('extension_asked_already', 'more time has been asked for already');
    const question = { ticket_id: ticket.id, clock: clock.kind, until_at: until, reason };
    const id = asked?.id ?? (await askExtension(tx, { ...question, asked_by: actor.name }));
    if (command === 'extend') {
      await give(tx, config, clock, until);
      await decideExtension(tx, id, command, actor.name, until);
    }
  }
  await touch(tx, ticket);
  await endEvents(tx, ticket.id, ['extension_asked']);
  if (command === 'ask_extension') await tellOf(tx, config, ticket.id, 'extension_asked', reason);
  tx.audit({
    ...authorOf(actor),
    action: `ticket.${command}`,
    subject: `ticket:${ticket.id}`,
    after: { reason, until: until === null ? null : new Date(until).toISOString() },
  });
  tx.changed({ kind: 'ticket', subject: ticket.id, data: { extension: command } });
}

async function clockOf(tx: Tx, ticketId: string): Promise<ClockRow> {
  const query = tx.db.selectFrom('clocks').selectAll().where('ticket_id', '=', ticketId);
  const clock = clockToExtend(await tx.locked(query).execute(), tx.at);
  if (clock === null)
    throw new Refusal('extension_impossible', 'no time for a repair runs, or it is over already');
  return clock;
}

function untilOf(until: number | undefined, { deadline_at }: ClockRow, now: number): number {
  if (until === undefined) throw new Refusal('ticket_until_missing', 'until: say until when');
  if (until <= deadline_at || until > now + MOST_MS)
    throw new Refusal(
      'ticket_until_invalid',
      `until: expected an instant after ${new Date(deadline_at).toISOString()} and within a year`,
    );
  return until;
}

async function give(
  tx: Tx,
  { clocks: { calendars } }: Pick<Config, 'clocks'>,
  row: ClockRow,
  until: number,
): Promise<void> {
  const { ticket_id, kind, deadline_at } = row;
  const byMs = (await calendarOf(tx, row, calendars)).between(deadline_at, until);
  if (byMs === 0) throw new Refusal('ticket_until_invalid', 'until: there is no working time up to then');
  if (await clockEvent(tx, ticket_id, [kind], { event: 'extended', at: tx.at, byMs }, calendars))
    await cancelOrders(tx, ticket_id, 'reminder');
}
