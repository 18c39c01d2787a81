/** The second factor of people who have a password here, and the browsers in which somebody has signed in before. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

/** A gateway from before it would let people in without their second factor. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'second_factors', {
    user_id: 'text!',
    secret: 'text',
    begun_at: 'instant',
    confirmed_at: 'instant?',
    last_step: 'count',
    recovery_hashes: 'text',
    failures: 'count',
    blocked_until: 'instant?',
  });
  await table(db, 'known_browsers', { token_hash: 'text!', user_id: 'text', used_at: 'instant' });
  await index(db, 'known_browsers', ['user_id', 'used_at']);
}
