/** Which key a store's audit is sealed with: gateways that share a store must share the key, else neither could prove anything. */
import type { Kysely } from 'kysely';
import type { Tables } from '../tables/index.ts';
import type { AuditRow } from '../tables/people.ts';
import { type AuditKey, AuditKeyError, type KeyRing } from './key-ring.ts';
import { sealOf } from './seal.ts';

/**
 * The key for the entry with this number, whose counter the transaction holds; made when the audit has none and one may be made.
 * Throws AuditKeyError when another key seals the audit.
 */
export async function claimKey(
  db: Kysely<Tables>,
  ring: KeyRing,
  seq: number,
  at: number,
): Promise<AuditKey> {
  const claimed = await db
    .selectFrom('audit_keys')
    .select(['key_id'])
    .orderBy('from_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  // Another process on this machine may have begun a new key meanwhile.
  if (claimed !== undefined && claimed.key_id !== ring.keys.at(-1)?.id) ring.reload();
  const key = ring.keys.at(-1) ?? make(ring, seq, claimed?.key_id);
  if (claimed?.key_id === key.id) return key;
  if (key.from !== seq) await mustFollow(db, ring, key, seq, claimed?.key_id);
  await db.insertInto('audit_keys').values({ from_seq: key.from, key_id: key.id, at }).execute();
  return key;
}

function make(ring: KeyRing, seq: number, claimed: string | undefined): AuditKey {
  if (claimed !== undefined)
    throw new AuditKeyError(
      `the audit is sealed with the key ${claimed}, but ${ring.file} is not there: bring it back, or begin with a new key by: audit new-key`,
    );
  if (!ring.mayMake)
    throw new AuditKeyError(`${ring.file}: the key of the audit is missing; make it by: audit new-key`);
  return ring.add(seq);
}

/** A key that is not named in the store, though it is to seal entries that are there already, must have sealed the last of them. */
async function mustFollow(
  db: Kysely<Tables>,
  ring: KeyRing,
  key: AuditKey,
  seq: number,
  claimed: string | undefined,
): Promise<void> {
  if (claimed !== undefined)
    throw new AuditKeyError(
      `the audit is sealed with the key ${claimed}, but ${ring.file} holds ${key.id}: gateways on one store need the same file, by audit.keyFile`,
    );
  const last = await db
    .selectFrom('audit_log')
    .selectAll()
    .where('seq', '=', seq - 1)
    .executeTakeFirst();
  if (key.from > seq || last === undefined || !isSealed(last, key))
    throw new AuditKeyError(
      `${ring.file}: the key is for entries from ${key.from} on, but the next entry is ${seq} and those before it are not sealed with it; write ${seq} behind the key, or begin with a new one by: audit new-key`,
    );
}

function isSealed(row: AuditRow, key: AuditKey): boolean {
  return sealOf(row, key) === row.hash;
}
