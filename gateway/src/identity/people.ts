/** What an admin does for people at the console: makes and ends their access. The last admin stays, or nobody could let one in. */
import { timestamp } from '@roadwatch/contract';
import type { NewPerson, Person, Standing } from '@roadwatch/contract/api';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { UserRow } from '../store/tables/people.ts';
import { type Actor, authorOf } from './actor.ts';
import { NO_PASSWORD } from './password.ts';
import { checkNotLastAdmin, newUser, signOutEverywhere } from './users.ts';

export async function listPeople(store: Store): Promise<readonly Person[]> {
  const rows = await store.db
    .selectFrom('users')
    .leftJoin('second_factors', (join) =>
      join.onRef('second_factors.user_id', '=', 'users.id').on('second_factors.confirmed_at', 'is not', null),
    )
    .select(['users.username', 'users.role', 'users.unit_id', 'users.created_at', 'users.disabled_at'])
    .select(['users.password_hash', 'second_factors.confirmed_at'])
    .select(({ selectFrom }) =>
      selectFrom('sessions')
        .select(({ fn }) => fn.countAll().as('count'))
        .whereRef('sessions.user_id', '=', 'users.id')
        .where('sessions.expires_at', '>', store.now())
        .as('sessions'),
    )
    .orderBy('users.username')
    .execute();
  return rows.map((row) => ({
    username: row.username,
    role: row.role,
    unitId: row.unit_id,
    createdAt: timestamp(Number(row.created_at)),
    disabledAt: row.disabled_at === null ? null : timestamp(Number(row.disabled_at)),
    local: row.password_hash !== NO_PASSWORD,
    secondFactor: row.confirmed_at !== null,
    sessions: Number(row.sessions),
  }));
}

/** `hash`: of the password that is shown to the admin. Throws Refusal. */
export async function makePerson(
  store: Store,
  { username, role, unitId }: NewPerson,
  hash: string,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    await checkStanding(tx, { role, unitId });
    const known = tx.db.selectFrom('users').select('id').where('username', '=', username);
    if ((await known.executeTakeFirst()) !== undefined)
      throw new Refusal('user_name_taken', `username: there is a user ${username} already`);
    await tx.db
      .insertInto('users')
      .values(newUser(username, hash, role, unitId, tx.at))
      .execute();
    const after = { role, unit: unitId };
    tx.audit({ ...authorOf(actor), action: 'user.created', subject: `user:${username}`, after });
  });
}

/** Their sessions end. Throws Refusal. */
export async function changeStanding(
  store: Store,
  username: string,
  { role, unitId }: Standing,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const user = await localUser(tx, username);
    await checkStanding(tx, { role, unitId });
    if (role !== 'admin') await checkNotLastAdmin(tx, user);
    await tx.db.updateTable('users').set({ role, unit_id: unitId }).where('id', '=', user.id).execute();
    await signOutEverywhere(tx, user.id);
    const before = { role: user.role, unit: user.unit_id };
    const after = { role, unit: unitId };
    tx.audit({ ...authorOf(actor), action: 'user.saved', subject: `user:${username}`, before, after });
  });
}

/** `hash`: of the new password. Their sessions end. Throws Refusal. */
export async function resetPassword(
  store: Store,
  username: string,
  hash: string,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const { id } = await localUser(tx, username);
    await tx.db.updateTable('users').set({ password_hash: hash }).where('id', '=', id).execute();
    await signOutEverywhere(tx, id);
    tx.audit({ ...authorOf(actor), action: 'password.reset', subject: `user:${username}` });
  });
}

/** Their sessions end. Throws Refusal. */
export async function setDisabled(
  store: Store,
  username: string,
  isDisabled: boolean,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const user = await userNamed(tx, username);
    if ((user.disabled_at !== null) === isDisabled) return;
    if (isDisabled) await checkNotLastAdmin(tx, user);
    const disabled_at = isDisabled ? tx.at : null;
    await tx.db.updateTable('users').set({ disabled_at }).where('id', '=', user.id).execute();
    await signOutEverywhere(tx, user.id);
    const action = isDisabled ? 'user.disabled' : 'user.enabled';
    tx.audit({ ...authorOf(actor), action, subject: `user:${username}` });
  });
}

/** Throws Refusal. */
export async function endSessions(store: Store, username: string, actor: Actor): Promise<void> {
  await store.transaction(async (tx) => {
    const { id } = await userNamed(tx, username);
    await signOutEverywhere(tx, id);
    tx.audit({ ...authorOf(actor), action: 'user.signed_out', subject: `user:${username}` });
  });
}

async function userNamed(tx: Tx, username: string): Promise<UserRow> {
  const query = tx.db.selectFrom('users').selectAll().where('username', '=', username);
  const user = await tx.locked(query).executeTakeFirst();
  if (user === undefined) throw new Refusal('user_unknown', `there is no user ${username}`);
  return user as unknown as UserRow;
}

async function localUser(tx: Tx, username: string): Promise<UserRow> {
  const user = await userNamed(tx, username);
  if (user.oidc_subject !== null)
    throw new Refusal(
      'password_elsewhere',
      `${username} signs in at the identity provider, which says their role`,
    );
  return user;
}

async function checkStanding(tx: Tx, { role, unitId }: Standing): Promise<void> {
  if ((role === 'unit') !== (unitId !== null))
    throw new Refusal('unit_unknown', 'unitId: goes with the role unit, and only with it');
  if (unitId === null) return;
  const unit = tx.db
    .selectFrom('units')
    .select('id')
    .where('id', '=', unitId)
    .where('retired_at', 'is', null);
  if ((await unit.executeTakeFirst()) === undefined)
    throw new Refusal('unit_unknown', `unitId: there is no unit ${JSON.stringify(unitId)}`);
}
