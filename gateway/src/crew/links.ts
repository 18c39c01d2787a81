/**
 * The link that a crew works by: whoever has it may see one assignment and report on it, and nothing else. It works until the
 * assignment ends, it is revoked, or a new one takes its place; the store holds only its hash.
 */
import { newSecret, secretHash } from '../identity/secret.ts';
import type { User } from '../identity/users.ts';
import { type Actor, Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { maySee } from '../tickets/transition.ts';

export interface CrewLink {
  readonly ticketId: string;
  readonly assignmentId: string;
  readonly unitId: string;
}

/** Makes a link to the present assignment of a ticket; earlier links to it work no more. Throws Refusal. */
export async function makeCrewLink(
  store: Store,
  ticketId: string,
  user: User,
  actor: Actor,
): Promise<string> {
  const token = newSecret();
  await store.transaction(async (tx) => {
    const assignment = await tx.db
      .selectFrom('assignments')
      .selectAll()
      .where('ticket_id', '=', ticketId)
      .where('ended_at', 'is', null)
      .where('state', '!=', 'pending')
      .executeTakeFirst();
    const visible = assignment !== undefined && maySee(assignment, user);
    if (!visible) throw new Refusal('conflict', 'the ticket is with no unit at present');
    await revoke(tx.db, assignment.id, tx.at);
    await tx.db
      .insertInto('crew_links')
      .values({
        token_hash: secretHash(token),
        assignment_id: assignment.id,
        ticket_id: ticketId,
        created_at: tx.at,
        created_by: actor.name,
        revoked_at: null,
      })
      .execute();
    tx.audit({
      actor: actor.name,
      channel: actor.channel,
      action: 'crew_link.made',
      subject: `ticket:${ticketId}`,
    });
  });
  return token;
}

export async function revokeCrewLinks(
  store: Store,
  ticketId: string,
  user: User,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const assignments = await tx.db
      .selectFrom('assignments')
      .select(['id', 'unit_id'])
      .where('ticket_id', '=', ticketId)
      .execute();
    for (const assignment of assignments.filter((entry) => maySee(entry, user)))
      await revoke(tx.db, assignment.id, tx.at);
    tx.audit({
      actor: actor.name,
      channel: actor.channel,
      action: 'crew_link.revoked',
      subject: `ticket:${ticketId}`,
    });
  });
}

/** Null for a link that is unknown, revoked, or whose assignment has ended. */
export async function findCrewLink(store: Store, token: string): Promise<CrewLink | null> {
  const row = await store.db
    .selectFrom('crew_links')
    .innerJoin('assignments', 'assignments.id', 'crew_links.assignment_id')
    .select(['crew_links.ticket_id', 'crew_links.assignment_id', 'assignments.unit_id'])
    .where('crew_links.token_hash', '=', secretHash(token))
    .where('crew_links.revoked_at', 'is', null)
    .where('assignments.ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { ticketId: row.ticket_id, assignmentId: row.assignment_id, unitId: row.unit_id };
}

async function revoke(db: Store['db'], assignmentId: string, at: number): Promise<void> {
  await db
    .updateTable('crew_links')
    .set({ revoked_at: at })
    .where('assignment_id', '=', assignmentId)
    .where('revoked_at', 'is', null)
    .execute();
}
