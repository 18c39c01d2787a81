/**
 * A head says how long the audit was at an instant and what its last entry was, under the key. Kept where the store's owner
 * cannot reach (a log, a mailbox, a file that can only grow), it shows later that the end was cut off, or all of it written anew.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from '../tables/index.ts';
import { type AuditKey, type KeyRing, macOf } from './key-ring.ts';

const NAME = 'roadwatch-audit-head/1';
/** Wherever it stands: in a log, a mail, or broken over several lines. */
const TEXT =
  /roadwatch-audit-head\/1\s+(\d{4}-[\d-]{5}T[\d:.]{12}Z)\s+(\d{1,16})\s+([0-9a-f]{64})\s+([0-9a-f]{16})\s+([0-9a-f]{64})/g;

export interface Head {
  readonly at: string;
  readonly entries: number;
  /** Of the last entry. */
  readonly hash: string;
  readonly key: string;
  readonly mac: string;
}

/** Null for an audit that nothing stands in yet, or whose last entry has no seal. */
export async function headOf(db: Kysely<Tables>, ring: KeyRing, now: number): Promise<Head | null> {
  const last = await db
    .selectFrom('audit_log')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const key = last === undefined ? undefined : ring.at(last.seq);
  if (last === undefined || key === undefined) return null;
  const head = { at: new Date(now).toISOString(), entries: last.seq, hash: last.hash, key: key.id };
  return { ...head, mac: macOf(key, signedText(head)) };
}

export function printHead({ at, entries, hash, key, mac }: Head, separator = ' '): string {
  return [`${NAME} ${at} ${entries}`, `${hash}`, `${key}`, `${mac}`].join(separator);
}

/** Every head that stands in a text. */
export function headsIn(text: string): Head[] {
  return [...text.matchAll(TEXT)].map(([, at, entries, hash, key, mac]) => ({
    at: at as string,
    entries: Number(entries),
    hash: hash as string,
    key: key as string,
    mac: mac as string,
  }));
}

/** What is wrong with the head itself: whoever wants to hide something may have put a forged one beside the others. */
export function forgery(head: Head, keys: readonly AuditKey[]): string | null {
  const key = keys.find(({ id }) => id === head.key);
  if (key === undefined)
    return `the head of ${head.at} is signed with the key ${head.key}, which is not here`;
  const right = Buffer.from(macOf(key, signedText(head)));
  return timingSafeEqual(right, Buffer.from(head.mac)) ? null : `the head of ${head.at} is not genuine`;
}

function signedText({ at, entries, hash, key }: Omit<Head, 'mac'>): string {
  return JSON.stringify([NAME, at, entries, hash, key]);
}
