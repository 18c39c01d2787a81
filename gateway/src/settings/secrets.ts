/**
 * What is secret in the city's settings: in the store only sealed, by a key that is derived from that of the audit and so lies
 * outside it. Whoever has the store, or a backup without the key file, has no secret. AES-256-GCM, NIST SP 800-38D; the key by
 * HKDF (RFC 5869).
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Secret } from '@roadwatch/common';
import { newId } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import type { AuditKey, KeyRing } from '../store/audit/key-ring.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import type { SettingsSecretRow } from '../store/tables/settings.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** In a document: which secret. */
export interface SecretRef {
  readonly secret: string;
}

/** Seals it into the store. Throws where there is no key, as before a gateway has ever run. */
export async function keepSecret(tx: Tx, value: Secret): Promise<SecretRef> {
  const key = tx.auditKeys.keys.at(-1);
  if (key === undefined) throw new Error(`${tx.auditKeys.file}: there is no key yet to seal secrets with`);
  const id = newId();
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(key), nonce).setAAD(Buffer.from(id));
  const text = Buffer.concat([cipher.update(value.reveal(), 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64');
  await tx.db.insertInto('settings_secrets').values({ id, at: tx.at, key_id: key.id, sealed }).execute();
  return { secret: id };
}

/** By its id, of those that are there. */
export async function secretRows(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SettingsSecretRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('settings_secrets').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Null when it cannot be read here. */
export async function findSecret(
  db: Kysely<Tables>,
  { secret: id }: SecretRef,
  keys: KeyRing,
): Promise<Secret | null> {
  const row = await db.selectFrom('settings_secrets').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : openSecret(row, keys);
}

/** Null when the key is not here, as after a backup was restored without its key file, or when the row was altered. */
export function openSecret(row: SettingsSecretRow, keys: KeyRing): Secret | null {
  const key = keys.keys.find(({ id }) => id === row.key_id);
  if (key === undefined) return null;
  const bytes = Buffer.from(row.sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(key), bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(row.id)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return new Secret(Buffer.concat(text).toString('utf8'));
  } catch {
    return null;
  }
}

function keyOf({ secret }: AuditKey): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'roadwatch settings', 32));
}
