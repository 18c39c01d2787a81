/** Sessions of logged-in people: the browser holds a random token, the store its hash. */
import type { Store, Transactions } from '../store/database.ts';
import { NO_PASSWORD } from './password.ts';
import { newSecret, secretHash } from './secret.ts';
import { type User, userOf } from './users.ts';

/** A shift and its handover. */
export const SESSION_MS = 12 * 3_600_000;

export interface Session {
  /** Names it in the store: the hash of its token. */
  readonly id: string;
  readonly user: User;
  readonly csrfToken: string;
  /** Whether the person signs in with a password kept here, and not at an identity provider. */
  readonly local: boolean;
  readonly secondFactor: boolean;
}

export async function openSession(
  store: Store,
  user: User,
): Promise<{ readonly token: string; readonly csrfToken: string }> {
  const token = newSecret();
  const csrfToken = newSecret();
  await store.transaction(async (tx) => {
    await tx.db.deleteFrom('sessions').where('expires_at', '<=', tx.at).execute();
    await tx.db
      .insertInto('sessions')
      .values({
        token_hash: secretHash(token),
        user_id: user.id,
        csrf_token: csrfToken,
        created_at: tx.at,
        expires_at: tx.at + SESSION_MS,
      })
      .execute();
  });
  return { token, csrfToken };
}

/** Null for a token that is unknown, has expired, or belongs to somebody who was disabled. */
export async function findSession(store: Store, token: string): Promise<Session | null> {
  const row = await store.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .leftJoin('second_factors', 'second_factors.user_id', 'users.id')
    .select(['users.id', 'users.username', 'users.role', 'users.unit_id', 'users.password_hash'])
    .select(['sessions.csrf_token', 'second_factors.confirmed_at'])
    .where('sessions.token_hash', '=', secretHash(token))
    .where('sessions.expires_at', '>', store.now())
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: secretHash(token),
    user: userOf(row),
    csrfToken: row.csrf_token,
    local: row.password_hash !== NO_PASSWORD,
    secondFactor: row.confirmed_at !== null,
  };
}

export async function closeSession(store: Transactions, token: string): Promise<void> {
  await store.transaction(async (tx) => {
    const gone = await tx.db
      .deleteFrom('sessions')
      .where('token_hash', '=', secretHash(token))
      .returning('user_id')
      .executeTakeFirst();
    if (gone !== undefined) tx.changed({ kind: 'access', subject: gone.user_id, data: {} });
  });
}
