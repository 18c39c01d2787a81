/**
 * Who did what, from where, with what changed: append-only, each entry bound to the one before it by a key that is not in the
 * store, so that an alteration, removal or insertion by whoever can write to the store shows.
 */
import type { AuditAction } from '@roadwatch/contract/codes';
import type { Kysely } from 'kysely';
import { reserve } from '../counters.ts';
import type { Tables } from '../tables/index.ts';
import type { AuditRow } from '../tables/people.ts';
import { claimKey } from './claim.ts';
import type { KeyRing } from './key-ring.ts';
import { GENESIS, sealOf } from './seal.ts';

export interface AuditEntry {
  /** `user:NAME`, `unit:ID`, `token:NAME` or `system`. */
  readonly actor: string;
  /** How it reached us: `console`, `api`, `open311`, `crew`, `webhook`, `cli` or `gateway`. */
  readonly channel: string;
  /** The address of the person or program; left out for what the gateway or its command line did itself. */
  readonly source?: string;
  readonly action: AuditAction;
  /** What it was done to, such as `alert:0198...`. */
  readonly subject: string;
  readonly before?: object;
  readonly after?: object;
}

export const COUNTER = 'audit';

/** Call it late in the transaction: it waits for every other writer of the chain. */
export async function appendAudit(
  db: Kysely<Tables>,
  ring: KeyRing,
  entries: readonly AuditEntry[],
  at: number,
): Promise<void> {
  if (entries.length === 0) return;
  const first = await reserve(db, COUNTER, entries.length);
  const key = await claimKey(db, ring, first, at);
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
      source: entry.source ?? null,
      action: entry.action,
      subject: entry.subject,
      before: entry.before === undefined ? null : JSON.stringify(entry.before),
      after: entry.after === undefined ? null : JSON.stringify(entry.after),
      previous_hash: previous,
    };
    previous = sealOf(row, key);
    return { ...row, hash: previous };
  });
  await db.insertInto('audit_log').values(rows).execute();
}

/** Before anything is written: whether the key is the one that the audit is sealed with. Throws AuditKeyError. */
export async function checkAuditKey(db: Kysely<Tables>, ring: KeyRing, at: number): Promise<void> {
  await claimKey(db, ring, await reserve(db, COUNTER, 0), at);
}

/** Adds a key to the file, for all entries that are still to come, and says so in the first of them. */
export async function beginNewKey(db: Kysely<Tables>, ring: KeyRing, at: number): Promise<string> {
  const next = await reserve(db, COUNTER, 0);
  const before = ring.keys.at(-1);
  const { id } = ring.add(next);
  const entry = { actor: 'system', channel: 'cli', action: 'audit.key.begun', subject: `key:${id}` } as const;
  await appendAudit(
    db,
    ring,
    [{ ...entry, ...(before === undefined ? {} : { before: { key: before.id } }) }],
    at,
  );
  return id;
}
