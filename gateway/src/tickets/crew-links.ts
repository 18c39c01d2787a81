/**
 * The link that a crew works by: whoever has it may see one assignment and report on it, and nothing else. It works until the
 * assignment ends, it is revoked, or a person makes a new one; the store holds only its hash.
 */

import { timestamp } from '@roadwatch/contract';
import type { WorkingLinks } from '@roadwatch/contract/api';
import { type Actor, authorOf } from '../identity/actor.ts';
import { newSecret, secretHash } from '../identity/secret.ts';
import type { User } from '../identity/users.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { CrewLinkRow, OutboxRow } from '../store/tables/tickets.ts';
import { maySee } from './view.ts';

const MOST_LISTED = 100;

export interface CrewLink {
  readonly ticketId: string;
  readonly assignmentId: string;
  readonly unitId: string;
  readonly tokenHash: string;
}

/** Makes a link to the present assignment of a ticket; an earlier one of the same crew works no more. Throws Refusal. */
export async function makeCrewLink(
  store: Store,
  ticketId: string,
  user: User,
  actor: Actor,
  crew: string | null = null,
): Promise<string> {
  const token = newSecret();
  await store.transaction(async (tx) => {
    await seenTicket(tx, ticketId, user);
    const assignment = await tx.db
      .selectFrom('assignments')
      .selectAll()
      .where('ticket_id', '=', ticketId)
      .where('ended_at', 'is', null)
      .where('state', '!=', 'pending')
      .executeTakeFirst();
    const visible = assignment !== undefined && maySee(assignment, user);
    if (!visible) throw new Refusal('ticket_without_unit', 'the ticket is with no unit at present');
    await revoke(tx.db, assignment.id, tx.at, crew);
    const made = { assignment_id: assignment.id, ticket_id: ticketId, created_by: actor.name, crew };
    await keep(tx, token, made);
    tx.audit({
      ...authorOf(actor),
      action: 'crew_link.made',
      subject: `ticket:${ticketId}`,
      after: { crew },
    });
  });
  return token;
}

/**
 * Another link to an assignment, for an order that is about to be sent: those that are with the crew already go on working, as
 * an order may be sent more than once and a reminder follows it.
 */
export async function addCrewLink(
  store: Store,
  { assignment_id, ticket_id }: Pick<OutboxRow, 'assignment_id' | 'ticket_id'>,
): Promise<string> {
  const token = newSecret();
  await store.transaction(async (tx) => {
    await keep(tx, token, { assignment_id, ticket_id, created_by: 'system', crew: null });
    tx.audit({
      actor: 'system',
      channel: 'mail',
      action: 'crew_link.made',
      subject: `ticket:${ticket_id}`,
    });
  });
  return token;
}

/** `crew`: the link of those alone; null, of those that are not named. */
export async function revokeCrewLinks(
  store: Store,
  ticketId: string,
  user: User,
  actor: Actor,
  crew?: string | null,
): Promise<void> {
  await store.transaction(async (tx) => {
    await seenTicket(tx, ticketId, user);
    const assignments = await tx.db
      .selectFrom('assignments')
      .select(['id', 'unit_id'])
      .where('ticket_id', '=', ticketId)
      .execute();
    for (const assignment of assignments.filter((entry) => maySee(entry, user)))
      await revoke(tx.db, assignment.id, tx.at, crew);
    tx.audit({
      ...authorOf(actor),
      action: 'crew_link.revoked',
      subject: `ticket:${ticketId}`,
      after: { crew: crew ?? null },
    });
  });
}

/** Those that work at present, the newest first. Throws Refusal. */
export async function workingLinks(
  db: Store['db'],
  ticketId: string,
  user: User,
): Promise<WorkingLinks['items']> {
  const ticket = await db
    .selectFrom('tickets')
    .select('unit_id')
    .where('id', '=', ticketId)
    .executeTakeFirst();
  if (ticket === undefined || !maySee(ticket, user))
    throw new Refusal('ticket_unknown', `there is no ticket ${ticketId}`);
  const rows = await db
    .selectFrom('crew_links')
    .innerJoin('assignments', 'assignments.id', 'crew_links.assignment_id')
    .select(['crew_links.crew', 'crew_links.created_at', 'crew_links.created_by'])
    .where('crew_links.ticket_id', '=', ticketId)
    .where('crew_links.revoked_at', 'is', null)
    .where('assignments.ended_at', 'is', null)
    .orderBy('crew_links.created_at', 'desc')
    .limit(MOST_LISTED)
    .execute();
  return rows.map(({ crew, created_at, created_by }) => ({
    crew,
    madeAt: timestamp(created_at),
    madeBy: created_by,
  }));
}

/** Null for a link that is unknown, revoked, or whose assignment has ended. */
export function findCrewLink(store: Store, token: string): Promise<CrewLink | null> {
  return linkOf(store.db, secretHash(token));
}

/** Whether it still works: what began by it ends with it. */
export async function isValidLink(db: Store['db'], { tokenHash }: CrewLink): Promise<boolean> {
  return (await linkOf(db, tokenHash)) !== null;
}

async function linkOf(db: Store['db'], tokenHash: string): Promise<CrewLink | null> {
  const row = await db
    .selectFrom('crew_links')
    .innerJoin('assignments', 'assignments.id', 'crew_links.assignment_id')
    .select(['crew_links.ticket_id', 'crew_links.assignment_id', 'assignments.unit_id'])
    .where('crew_links.token_hash', '=', tokenHash)
    .where('crew_links.revoked_at', 'is', null)
    .where('assignments.ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { ticketId: row.ticket_id, assignmentId: row.assignment_id, unitId: row.unit_id, tokenHash };
}

/** Throws Refusal for a ticket that is not there for the user. */
async function seenTicket(tx: Tx, id: string, user: User): Promise<void> {
  const query = tx.db.selectFrom('tickets').select('unit_id').where('id', '=', id);
  const ticket = await tx.locked(query).executeTakeFirst();
  if (ticket === undefined || !maySee(ticket, user))
    throw new Refusal('ticket_unknown', `there is no ticket ${id}`);
}

async function keep(
  tx: Tx,
  token: string,
  link: Pick<CrewLinkRow, 'assignment_id' | 'ticket_id' | 'created_by' | 'crew'>,
): Promise<void> {
  await tx.db
    .insertInto('crew_links')
    .values({ ...link, token_hash: secretHash(token), created_at: tx.at, revoked_at: null })
    .execute();
}

/** `crew`: left out, of all; null, of those that are not named. */
async function revoke(
  db: Store['db'],
  assignmentId: string,
  at: number,
  crew?: string | null,
): Promise<void> {
  let links = db
    .updateTable('crew_links')
    .set({ revoked_at: at })
    .where('assignment_id', '=', assignmentId)
    .where('revoked_at', 'is', null);
  if (crew !== undefined) links = links.where('crew', crew === null ? 'is' : '=', crew);
  await links.execute();
}
