/**
 * Who did what, from where, with what changed: append-only, each entry bound to the one before it by SHA-256, so that a later
 * alteration, removal or insertion shows.
 */
import { sha256 } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import { reserve } from '../store/counters.ts';
import type { AuditRow, Tables } from '../store/tables.ts';

export interface AuditEntry {
  /** `user:NAME`, `unit:ID`, `token:NAME` or `system`. */
  readonly actor: string;
  /** How it reached us: `console`, `api`, `open311`, `crew`, `webhook`, `cli` or `gateway`. */
  readonly channel: string;
  readonly action: string;
  /** What it was done to, such as `alert:0198...`. */
  readonly subject: string;
  readonly before?: object;
  readonly after?: object;
}

const GENESIS = '0'.repeat(64);
const COUNTER = 'audit';

/** Call it late in the transaction: it waits for every other writer of the chain. */
export async function appendAudit(
  db: Kysely<Tables>,
  entries: readonly AuditEntry[],
  at: number,
): Promise<void> {
  if (entries.length === 0) return;
  const first = await reserve(db, COUNTER, entries.length);
  const head = await db
    .selectFrom('audit_log')
    .select('hash')
    .where('seq', '=', first - 1)
    .executeTakeFirst();
  let previous = head?.hash ?? GENESIS;
  const rows: AuditRow[] = entries.map((entry, index) => {
    const row = {
      seq: first + index,
      at,
      actor: entry.actor,
      channel: entry.channel,
      action: entry.action,
      subject: entry.subject,
      before: entry.before === undefined ? null : JSON.stringify(entry.before),
      after: entry.after === undefined ? null : JSON.stringify(entry.after),
      previous_hash: previous,
    };
    previous = hashOf(row);
    return { ...row, hash: previous };
  });
  await db.insertInto('audit_log').values(rows).execute();
}

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/** Recomputes the whole chain in pages and names the first entry that does not fit. */
export async function verifyAudit(db: Kysely<Tables>, pageSize = 1000): Promise<AuditVerdict> {
  let seq = 0;
  let previous = GENESIS;
  for (;;) {
    const rows = await db
      .selectFrom('audit_log')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      if (row.seq !== seq + 1) return { ok: false, seq: seq + 1, reason: 'the entry is missing' };
      if (row.previous_hash !== previous)
        return { ok: false, seq: row.seq, reason: 'does not follow the entry before it' };
      if (hashOf(row) !== row.hash) return { ok: false, seq: row.seq, reason: 'has been altered' };
      seq = row.seq;
      previous = row.hash;
    }
    if (rows.length < pageSize) break;
  }
  const counted = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', COUNTER)
    .executeTakeFirst();
  if ((counted?.value ?? 0) !== seq) return { ok: false, seq: seq + 1, reason: 'the entry is missing' };
  return { ok: true, entries: seq, head: previous };
}

function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { seq, at, actor, channel, action, subject, before, after, previous_hash } = row;
  return sha256(JSON.stringify([previous_hash, seq, at, actor, channel, action, subject, before, after]));
}
