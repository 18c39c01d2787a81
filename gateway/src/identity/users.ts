/** People: their roles and passwords, and what ends with either. */

import { randomBytes } from 'node:crypto';
import { newId } from '@roadwatch/contract';
import type { Role } from '@roadwatch/contract/api';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { UserRow } from '../store/tables/people.ts';
import { type Actor, authorOf } from './actor.ts';
import { forgetBrowsers } from './known-browsers.ts';
import { hashPassword } from './password.ts';
import { removeSecondFactor } from './second-factor.ts';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly role: Role;
  readonly unitId: string | null;
}

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

/** Adds a user, or gives one that exists a new password and role, which ends their sessions. Throws Refusal. */
export async function saveUser(
  store: Store,
  user: {
    readonly username: string;
    readonly password: string;
    readonly role: Role;
    readonly unitId: string | null;
  },
  actor: Actor,
): Promise<void> {
  const hash = await hashPassword(user.password);
  await store.transaction(async (tx) => {
    const { role, unitId: unit_id } = user;
    const before = await userNamed(tx, user.username);
    if (before !== null && role !== 'admin') await checkNotLastAdmin(tx, before);
    await tx.db
      .insertInto('users')
      .values(newUser(user.username, hash, role, unit_id, tx.at))
      .onConflict((conflict) =>
        conflict.column('username').doUpdateSet({
          password_hash: hash,
          role,
          unit_id,
          disabled_at: null,
        }),
      )
      .execute();
    const { id } = await tx.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', user.username)
      .executeTakeFirstOrThrow();
    await signOutEverywhere(tx, id);
    tx.audit({
      ...authorOf(actor),
      action: 'user.saved',
      subject: `user:${user.username}`,
      after: { role, unit: unit_id },
    });
  });
}

/** Their sessions end too. Returns whether there was such a user. Throws Refusal. */
export async function disableUser(store: Store, username: string, actor: Actor): Promise<boolean> {
  return store.transaction(async (tx) => {
    const user = await userNamed(tx, username);
    if (user === null || user.disabled_at !== null) return false;
    await checkNotLastAdmin(tx, user);
    await tx.db.updateTable('users').set({ disabled_at: tx.at }).where('id', '=', user.id).execute();
    await signOutEverywhere(tx, user.id);
    tx.audit({
      ...authorOf(actor),
      action: 'user.disabled',
      subject: `user:${username}`,
    });
    return true;
  });
}

/** Nobody else could let people in. Throws Refusal. */
export async function checkNotLastAdmin(tx: Tx, user: UserRow): Promise<void> {
  if (user.role !== 'admin' || user.disabled_at !== null) return;
  const admins = tx.db
    .selectFrom('users')
    .selectAll()
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('id');
  if ((await tx.locked(admins).execute()).length <= 1)
    throw new Refusal('last_admin', `${user.username} is the last admin`);
}

async function userNamed(tx: Tx, username: string): Promise<UserRow | null> {
  const query = tx.db.selectFrom('users').selectAll().where('username', '=', username);
  return ((await tx.locked(query).executeTakeFirst()) as UserRow | undefined) ?? null;
}

/** Ends all that somebody has open: sessions, browsers that know them, streams and live views. */
export async function signOutEverywhere(tx: Tx, userId: string): Promise<void> {
  await tx.db.deleteFrom('sessions').where('user_id', '=', userId).execute();
  await forgetBrowsers(tx, userId);
  tx.changed({ kind: 'access', subject: userId, data: {} });
}

/** Their own, of which the old one was asked for; `hash`: of the new one. Every session ends. */
export async function setOwnPassword(tx: Tx, { id }: User, hash: string, actor: Actor): Promise<void> {
  await tx.db.updateTable('users').set({ password_hash: hash }).where('id', '=', id).execute();
  await signOutEverywhere(tx, id);
  tx.audit({ ...authorOf(actor), action: 'password.changed', subject: actor.name });
}

/** For somebody whose telephone is lost: the password is enough again. Returns whether there was a second factor to take off. */
export async function resetSecondFactor(store: Store, username: string, actor: Actor): Promise<boolean> {
  return store.transaction(async (tx) => {
    const user = await tx.db
      .selectFrom('users')
      .select(['id', 'username'])
      .where('username', '=', username)
      .executeTakeFirst();
    if (user === undefined || !(await removeSecondFactor(tx, user, actor))) return false;
    await signOutEverywhere(tx, user.id);
    return true;
  });
}

/** Of everybody who has a password here, when passwords are no longer taken. */
export async function endLocalSessions(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    const local = tx.db.selectFrom('users').select('id').where('oidc_subject', 'is', null);
    const ended = await tx.db
      .deleteFrom('sessions')
      .where('user_id', 'in', local)
      .returning('user_id')
      .execute();
    for (const { user_id } of ended) tx.changed({ kind: 'access', subject: user_id, data: {} });
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
