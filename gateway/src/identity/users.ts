/** People: their roles, their first password, and logging in with a lockout against guessing. */
import { randomBytes } from 'node:crypto';
import { newId } from '@roadwatch/contract';
import type { Store } from '../store/database.ts';
import type { Role, UserRow } from '../store/tables.ts';
import { hashPassword, passwordMatches } from './password.ts';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly role: Role;
  readonly unitId: string | null;
}

export const USERNAME = '^[a-z0-9][a-z0-9._-]{0,62}$';

const FAILURES_BEFORE_LOCK = 5;
const LOCK_MS = 15 * 60_000;

/** Makes the first admin of a store without users. Returns the password, which is kept nowhere, or null. */
export async function createFirstAdmin(
  store: Store,
): Promise<{ readonly username: string; readonly password: string } | null> {
  const username = 'admin';
  const password = newPassword();
  const hash = await hashPassword(password);
  const created = await store.transaction(async (tx) => {
    const someone = await tx.db.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (someone !== undefined) return false;
    await tx.db
      .insertInto('users')
      .values(newUser(username, hash, 'admin', null, tx.at))
      .execute();
    tx.audit({ actor: 'system', channel: 'gateway', action: 'user.created', subject: `user:${username}` });
    return true;
  });
  return created ? { username, password } : null;
}

/** Adds a user, or gives one that exists a new password and role. */
export async function saveUser(
  store: Store,
  user: {
    readonly username: string;
    readonly password: string;
    readonly role: Role;
    readonly unitId: string | null;
  },
  actor: { readonly name: string; readonly channel: string },
): Promise<void> {
  const hash = await hashPassword(user.password);
  await store.transaction(async (tx) => {
    const { role, unitId: unit_id } = user;
    await tx.db
      .insertInto('users')
      .values(newUser(user.username, hash, role, unit_id, tx.at))
      .onConflict((conflict) =>
        conflict.column('username').doUpdateSet({
          password_hash: hash,
          role,
          unit_id,
          disabled_at: null,
          failed_logins: 0,
          locked_until: null,
        }),
      )
      .execute();
    tx.changed({ kind: 'access', subject: user.username, data: {} });
    tx.audit({
      actor: actor.name,
      channel: actor.channel,
      action: 'user.saved',
      subject: `user:${user.username}`,
      after: { role, unit: unit_id },
    });
  });
}

/** Their sessions end too. Returns whether there was such a user. */
export async function disableUser(
  store: Store,
  username: string,
  actor: { readonly name: string; readonly channel: string },
): Promise<boolean> {
  return store.transaction(async (tx) => {
    const user = await tx.db
      .updateTable('users')
      .set({ disabled_at: tx.at })
      .where('username', '=', username)
      .where('disabled_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (user === undefined) return false;
    await tx.db.deleteFrom('sessions').where('user_id', '=', user.id).execute();
    tx.changed({ kind: 'access', subject: user.id, data: {} });
    tx.audit({
      actor: actor.name,
      channel: actor.channel,
      action: 'user.disabled',
      subject: `user:${username}`,
    });
    return true;
  });
}

export type LoginResult =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly reason: 'wrong' | 'locked'; readonly until?: number };

/** After five wrong passwords in a row the account is locked for a quarter of an hour, whatever is given meanwhile. */
export async function login(store: Store, username: string, password: string): Promise<LoginResult> {
  const row = await store.db
    .selectFrom('users')
    .selectAll()
    .where('username', '=', username)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) {
    // As long as a real check takes, so that names cannot be found out by the clock.
    await hashPassword(password);
    return { ok: false, reason: 'wrong' };
  }
  const now = store.now();
  if (row.locked_until !== null && row.locked_until > now)
    return { ok: false, reason: 'locked', until: row.locked_until };
  const right = await passwordMatches(password, row.password_hash);
  return store.transaction(async (tx) => {
    const counted = tx.db.selectFrom('users').select('failed_logins').where('id', '=', row.id);
    const { failed_logins } = await tx.locked(counted).executeTakeFirstOrThrow();
    const failures = right ? 0 : Number(failed_logins) + 1;
    const locked = failures >= FAILURES_BEFORE_LOCK;
    await tx.db
      .updateTable('users')
      .set({ failed_logins: locked ? 0 : failures, locked_until: locked ? tx.at + LOCK_MS : null })
      .where('id', '=', row.id)
      .execute();
    const entry = { actor: `user:${row.username}`, channel: 'console', subject: `user:${row.username}` };
    tx.audit({ ...entry, action: right ? 'login' : locked ? 'login.locked' : 'login.failed' });
    return right ? { ok: true, user: userOf(row) } : { ok: false, reason: 'wrong' };
  });
}

export function userOf(row: Pick<UserRow, 'id' | 'username' | 'role' | 'unit_id'>): User {
  return { id: row.id, username: row.username, role: row.role, unitId: row.unit_id };
}

/** 120 random bits in groups that a person can copy from a terminal. */
export function newPassword(): string {
  return (randomBytes(15).toString('hex').match(/.{6}/g) as string[]).join('-');
}

export function newUser(
  username: string,
  password_hash: string,
  role: Role,
  unit_id: string | null,
  created_at: number,
) {
  return {
    id: newId(),
    username,
    password_hash,
    role,
    unit_id,
    created_at,
    disabled_at: null,
    failed_logins: 0,
    locked_until: null,
    oidc_subject: null,
  };
}
