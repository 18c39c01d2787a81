/**
 * Who is told that a clock runs out, at each step of the ladder some roles, and what no clock says: an order that does not reach
 * its unit, a proof that failed. To have seen a notice is no more than that: the clock goes on, and the next step tells again.
 * What the ticket makes pointless ends by itself.
 */

import { newId, timestamp } from '@roadwatch/contract';
import { type ClockKind, NOTICE_EVENTS, type NoticeEvent, type Role } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import type { User } from '../identity/users.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { ClockRow, NoticeRow } from '../store/tables/clocks.ts';
import type { Tables } from '../store/tables/index.ts';

const MOST = 200;
const AUDIENCES = {
  undelivered: 'undelivered',
  inspection_failed: 'inspectionFailed',
  inspection_undecided: 'inspectionUndecided',
  nobody_there: 'nobodyThere',
  extension_asked: 'extensionAsked',
} as const satisfies Record<NoticeEvent, keyof Config['clocks']['escalation']>;

/** What has gone wrong with a ticket, in the transaction in which it is noticed; it is told anew when it happens again. */
export async function tellOf(
  tx: Tx,
  { clocks: { escalation } }: Pick<Config, 'clocks'>,
  ticketId: string,
  kind: NoticeEvent,
  reason: string | null,
): Promise<void> {
  await endEvents(tx, ticketId, [kind]);
  const event = { ticket_id: ticketId, clock_id: '', kind, percent: 0, reason, at: tx.at };
  await writeNotices(tx, escalation[AUDIENCES[kind]], event);
  tx.changed({ kind: 'ticket', subject: ticketId, data: { notice: kind } });
}

/** The ticket has moved on, or what had gone wrong has come right. */
export async function endEvents(
  tx: Tx,
  ticketId: string,
  kinds: readonly NoticeEvent[] = NOTICE_EVENTS,
): Promise<void> {
  await tx.db
    .updateTable('notices')
    .set({ ended_at: tx.at })
    .where('ticket_id', '=', ticketId)
    .where('kind', 'in', [...kinds])
    .where('ended_at', 'is', null)
    .execute();
}

type Told = Pick<NoticeRow, 'ticket_id' | 'clock_id' | 'kind' | 'percent' | 'reason' | 'at'>;

/** One row for each role. Returns the unit that has the ticket. */
export async function writeNotices(tx: Tx, told: readonly Role[], notice: Told): Promise<string> {
  const { unit_id } = await tx.db
    .selectFrom('tickets')
    .select('unit_id')
    .where('id', '=', notice.ticket_id)
    .executeTakeFirstOrThrow();
  const rows = told.map((audience) => ({
    ...notice,
    id: newId(),
    audience,
    unit_id: audience === 'unit' ? unit_id : null,
    told_at: tx.at,
    seen_by: null,
    seen_at: null,
    ended_at: null,
  }));
  if (rows.length > 0) await tx.db.insertInto('notices').values(rows).execute();
  return unit_id;
}

/** The clock no longer runs out: it was met, stopped or started anew. */
export async function endNotices(tx: Tx, { id }: Pick<ClockRow, 'id'>): Promise<void> {
  await tx.db
    .updateTable('notices')
    .set({ ended_at: tx.at })
    .where('clock_id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}

/** What waits to be seen by somebody, the newest first: of each clock the last step only. */
export async function noticesFor(db: Kysely<Tables>, user: User) {
  let query = db
    .selectFrom('notices')
    .innerJoin('tickets', 'tickets.id', 'notices.ticket_id')
    .leftJoin('clocks', 'clocks.id', 'notices.clock_id')
    .selectAll('notices')
    .select(['tickets.number', 'tickets.damage_class', 'tickets.state', 'clocks.deadline_at'])
    .where('notices.audience', '=', user.role)
    .where('notices.seen_at', 'is', null)
    .where('notices.ended_at', 'is', null);
  if (user.role === 'unit') query = query.where('notices.unit_id', '=', user.unitId ?? '');
  const rows = await query.orderBy('notices.at', 'desc').orderBy('notices.id', 'desc').limit(MOST).execute();
  const last = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const about = `${row.ticket_id} ${row.kind}`;
    if (!last.has(about)) last.set(about, row);
  }
  return [...last.values()].map((row) => ({
    id: row.id,
    ticketId: row.ticket_id,
    number: row.number,
    damageClass: row.damage_class,
    state: row.state,
    kind: row.kind,
    /** Null when it is not about a clock. */
    clock: row.clock_id === '' ? null : (row.kind as ClockKind),
    percent: row.percent,
    reason: row.reason,
    at: timestamp(row.at),
    deadlineAt: row.deadline_at === null ? null : timestamp(row.deadline_at),
  }));
}

/** It and what was told of the same matter before it are out of sight for everybody who was told. */
export async function markSeen(store: Store, id: string, user: User, actor: Actor): Promise<void> {
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('notices').selectAll().where('id', '=', id);
    const notice = await tx.locked(query).executeTakeFirst();
    if (notice === undefined || !isFor(notice, user))
      throw new Refusal('notice_unknown', `there is no notice ${id} for you`);
    if (notice.seen_at !== null) throw new Refusal('notice_seen', `${notice.seen_by} has seen it already`);
    if (notice.ended_at !== null) throw new Refusal('notice_over', 'it is over: the ticket has moved on');
    await tx.db
      .updateTable('notices')
      .set({ seen_by: actor.name, seen_at: tx.at })
      .where('ticket_id', '=', notice.ticket_id)
      .where('kind', '=', notice.kind)
      .where('audience', '=', notice.audience)
      .where('percent', '<=', notice.percent)
      .where('seen_at', 'is', null)
      .execute();
    tx.audit({
      ...authorOf(actor),
      action: 'ticket.notice_seen',
      subject: `ticket:${notice.ticket_id}`,
      after: { notice: notice.kind, percent: notice.percent },
    });
    tx.changed({ kind: 'ticket', subject: notice.ticket_id, data: { notice: notice.kind } });
  });
}

function isFor(notice: NoticeRow, user: User): boolean {
  return notice.audience === user.role && (user.role !== 'unit' || notice.unit_id === user.unitId);
}
