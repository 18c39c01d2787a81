/** Sessions of logged-in people: the browser holds a random token, the store its hash. */
import type { Store } from '../store/database.ts';
import { newSecret, secretHash } from './secret.ts';
import { type User, userOf } from './users.ts';

/** A shift and its handover. */
export const SESSION_MS = 12 * 3_600_000;

export interface Session {
  readonly user: User;
  readonly csrfToken: string;
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
    .select(['users.id', 'users.username', 'users.role', 'users.unit_id', 'sessions.csrf_token'])
    .where('sessions.token_hash', '=', secretHash(token))
    .where('sessions.expires_at', '>', store.now())
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : { user: userOf(row), csrfToken: row.csrf_token };
}

export async function closeSession(store: Store, token: string): Promise<void> {
  await store.transaction(async (tx) => {
    const gone = await tx.db
      .deleteFrom('sessions')
      .where('token_hash', '=', secretHash(token))
      .returning('user_id')
      .executeTakeFirst();
    if (gone !== undefined) tx.changed({ kind: 'access', subject: gone.user_id, data: {} });
  });
}
