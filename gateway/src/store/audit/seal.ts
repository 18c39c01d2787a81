/** What binds an entry to the one before it: HMAC with the key of the audit, and SHA-256 for entries from before there was one. */
import { sha256 } from '@roadwatch/contract';
import type { AuditRow } from '../tables/people.ts';
import { type AuditKey, macOf } from './key-ring.ts';

export const GENESIS = '0'.repeat(64);

export function sealOf(row: Omit<AuditRow, 'hash'>, key: AuditKey | undefined): string {
  const { seq, at, actor, channel, source, action, subject, before, after, previous_hash } = row;
  const fields = [previous_hash, seq, at, actor, channel, action, subject, before, after];
  // Entries from before there were addresses keep the seal that they have.
  const text = JSON.stringify(source === null ? fields : [...fields, source]);
  return key === undefined ? sha256(text) : macOf(key, text);
}
