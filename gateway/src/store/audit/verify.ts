/** Whether the audit is what was written: every seal, every link, and every head that was kept elsewhere. */
import type { Kysely } from 'kysely';
import type { Tables } from '../tables/index.ts';
import type { AuditRow } from '../tables/people.ts';
import { COUNTER } from './chain.ts';
import { forgery, type Head } from './head.ts';
import type { KeyRing } from './key-ring.ts';
import { GENESIS, sealOf } from './seal.ts';

const PAGE = 1000;

interface Against {
  /** Kept elsewhere. */
  readonly heads?: readonly Head[];
  readonly pageSize?: number;
}

export interface WholeAudit {
  readonly ok: true;
  readonly entries: number;
  /** The hash of the last entry. */
  readonly head: string;
  /** Entries from before there was a key: bound by the first seal after them. */
  readonly unsealed: number;
  /** Entries sealed with keys that are not in the file, of which only the links were checked. */
  readonly unchecked: number;
}
export type AuditVerdict = WholeAudit | { readonly ok: false; readonly seq: number; readonly reason: string };

/** What a verdict is given on: a store, or a transaction that is about to be one. */
export interface Audited {
  readonly db: Kysely<Tables>;
  readonly auditKeys: KeyRing;
}

/** Recomputes the whole chain in pages and names the first entry that does not fit. Throws AuditKeyError. */
export async function verifyAudit(
  { db, auditKeys }: Audited,
  { heads = [], pageSize = PAGE }: Against = {},
): Promise<AuditVerdict> {
  const claims = await db.selectFrom('audit_keys').selectAll().orderBy('from_seq').execute();
  for (const head of heads) {
    const reason = forgery(head, auditKeys.keys);
    // Of a key that is lost only the entry that it names can be compared.
    if (reason !== null && !isLost(head, auditKeys, claims)) return broken(head.entries, reason);
  }
  const firstKey = auditKeys.keys[0]?.from ?? Number.POSITIVE_INFINITY;
  const kept = Map.groupBy(heads, ({ entries }) => entries);
  let seq = 0;
  let unsealed = 0;
  let unchecked = 0;
  let previous = GENESIS;
  for (;;) {
    const rows = await pageAfter(db, seq, pageSize);
    for (const row of rows) {
      if (row.seq !== seq + 1) return broken(seq + 1, 'the entry is missing');
      if (row.previous_hash !== previous) return broken(row.seq, 'does not follow the entry before it');
      const foreign = row.seq < firstKey && claims.some(({ from_seq }) => from_seq <= row.seq);
      if (foreign) unchecked++;
      else if (sealOf(row, auditKeys.at(row.seq)) !== row.hash)
        return broken(row.seq, 'has been altered, or was not sealed with the key');
      else if (row.seq < firstKey) unsealed++;
      const other = kept.get(row.seq)?.find(({ hash }) => hash !== row.hash);
      if (other !== undefined) return broken(row.seq, `is not the entry that the head of ${other.at} names`);
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
  if ((counted?.value ?? 0) !== seq) return broken(seq + 1, 'the entry is missing');
  const longer = heads.find(({ entries }) => entries > seq);
  if (longer !== undefined)
    return broken(seq + 1, `is missing; the audit had ${longer.entries} entries at ${longer.at}`);
  return { ok: true, entries: seq, head: previous, unsealed, unchecked };
}

function isLost({ key }: Head, { keys }: KeyRing, claims: readonly Tables['audit_keys'][]): boolean {
  return keys.every(({ id }) => id !== key) && claims.some(({ key_id }) => key_id === key);
}

function pageAfter(db: Kysely<Tables>, seq: number, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit_log').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
}

function broken(seq: number, reason: string): AuditVerdict {
  return { ok: false, seq, reason };
}
