/** Secrets that machines use: long and random, so one round of SHA-256 is enough to keep them (unlike passwords). */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '@roadwatch/contract';

/** Random bits in base64url, by default 192: 32 characters without any that a shell or an address would need to quote. */
export function newSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}

export function secretHash(secret: string): string {
  return sha256(secret);
}

/** Compares without telling by its duration how much of the secret was right. */
export function secretMatches(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(secretHash(secret), 'hex'), Buffer.from(hash, 'hex'));
}
