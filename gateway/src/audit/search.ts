/** Looking something up in the audit: who, what, when, of which thing; the latest first, page by page. */
import { timestamp } from '@roadwatch/contract';
import type { AuditEntry } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import { Refusal } from '../refusal.ts';
import { likeText } from '../store/like.ts';
import type { Tables } from '../store/tables/index.ts';

export interface AuditQuestion {
  /** Whole, as it stands in the audit: `user:ann`. */
  readonly actor?: string;
  /** An action, or the group of one: `ticket` has `ticket.closed`. */
  readonly action?: string;
  /** What a subject begins with: `ticket:` or all of it. */
  readonly subject?: string;
  readonly from?: number;
  /** Not included. */
  readonly to?: number;
  readonly limit: number;
  readonly after?: string;
}

function beginsWith(column: 'action' | 'subject', text: string) {
  return sql<boolean>`${sql.ref(column)} like ${`${likeText(text)}%`} escape '\\'`;
}

/** Throws Refusal. */
export async function searchAudit(
  db: Kysely<Tables>,
  { actor, action, subject, from, to, limit, after }: AuditQuestion,
): Promise<{ readonly items: readonly AuditEntry[]; readonly next: string | null }> {
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    throw new Refusal('page_key_invalid', 'after: not a value that `next` gave');
  let query = db.selectFrom('audit_log').selectAll();
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined)
    query = query.where(({ or, eb }) => or([eb('action', '=', action), beginsWith('action', `${action}.`)]));
  if (subject !== undefined) query = query.where(beginsWith('subject', subject));
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (after !== undefined) query = query.where('seq', '<', Number(after));
  const rows = await query
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows
    .slice(0, limit)
    .map(({ seq, at, actor, channel, source, action, subject, before, after }) => {
      return {
        seq: Number(seq),
        at: timestamp(Number(at)),
        actor,
        channel,
        source,
        action,
        subject,
        before,
        after,
      };
    });
  return { items, next: rows.length > limit ? String(items.at(-1)?.seq) : null };
}
