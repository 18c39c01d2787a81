/** Tokens with which other programs use the API: each may do a few things, until a set time, and is shown once. */

import { newId, timestamp } from '@roadwatch/contract';
import type { Scope, ApiToken as TokenView } from '@roadwatch/contract/api';
import type { RefusalCode } from '@roadwatch/contract/codes';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { ApiTokenRow } from '../store/tables/people.ts';
import { type Actor, authorOf } from './actor.ts';
import { newSecret, secretHash } from './secret.ts';
import type { User } from './users.ts';

/** What makes sense for one unit, which sees its own tickets only. */
const UNIT_SCOPES: readonly Scope[] = ['tickets:read', 'tickets:write'];

/** Told apart from other secrets at a glance, also by programs that search for secrets in files. */
const PREFIX = 'rwt_';
/** 256 bits cannot be guessed, so one fast round of SHA-256 protects what is stored: there is no dictionary to try. */
const SECRET_BYTES = 32;
const MAX_LIFE_MS = 5 * 366 * 86_400_000;
/** A token that is used all the time is written down once in this time only. */
const USED_EVERY_MS = 60_000;

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly unitId: string | null;
}

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number;
  readonly unitId?: string;
}

/** Returns the token itself, which is kept nowhere, and what is kept of it. Throws Refusal. */
export async function createToken(
  store: Store,
  { name, scopes, expiresAt, unitId }: NewToken,
  actor: Actor,
): Promise<{ readonly token: string; readonly kept: TokenView }> {
  const token = PREFIX + newSecret(SECRET_BYTES);
  const kept = await store.transaction(async (tx) => {
    if (!(expiresAt > tx.at && expiresAt <= tx.at + MAX_LIFE_MS))
      throw new Refusal('token_life_invalid', 'expiresAt: expected an instant within the next five years');
    const foreign = scopes.find((scope) => !UNIT_SCOPES.includes(scope));
    if (unitId !== undefined && foreign !== undefined)
      throw new Refusal('token_scope_invalid', `scopes: ${foreign} is not for the token of a unit`);
    const unit = tx.db.selectFrom('units').select('id').where('retired_at', 'is', null);
    if (unitId !== undefined && (await unit.where('id', '=', unitId).executeTakeFirst()) === undefined)
      throw new Refusal('unit_unknown', `unitId: there is no unit ${JSON.stringify(unitId)}`);
    const taken = await tx.db
      .selectFrom('api_tokens')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    // The audit knows a token by its name, so that of one that is over stays its own.
    if (taken !== undefined) throw new Refusal('token_name_taken', `name: there is, or was, a token ${name}`);
    const row: ApiTokenRow = {
      id: newId(),
      name,
      token_hash: secretHash(token),
      scopes: JSON.stringify([...new Set(scopes)]),
      unit_id: unitId ?? null,
      created_at: tx.at,
      created_by: actor.name,
      expires_at: expiresAt,
      last_used_at: null,
      revoked_at: null,
    };
    await tx.db.insertInto('api_tokens').values(row).execute();
    const after = { scopes, unit: row.unit_id, expiresAt: timestamp(expiresAt) };
    tx.audit({
      ...authorOf(actor),
      action: 'token.created',
      subject: `token:${name}`,
      after,
    });
    return viewOf(row, tx.at);
  });
  return { token, kept };
}

/** From now on it is refused. Throws Refusal. */
export async function revokeToken(
  store: Store,
  by: { readonly id: string } | { readonly name: string },
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const [column, value] = 'id' in by ? (['id', by.id] as const) : (['name', by.name] as const);
    const query = tx.db.selectFrom('api_tokens').selectAll().where(column, '=', value);
    const row = await tx.locked(query).executeTakeFirst();
    if (row === undefined) throw new Refusal('token_not_listed', `there is no token ${value}`);
    if (row.revoked_at !== null) throw new Refusal('token_over', `the token ${row.name} is revoked already`);
    await tx.db.updateTable('api_tokens').set({ revoked_at: tx.at }).where('id', '=', row.id).execute();
    tx.changed({ kind: 'access', subject: row.id, data: {} });
    tx.audit({
      ...authorOf(actor),
      action: 'token.revoked',
      subject: `token:${row.name}`,
    });
  });
}

/** All of them, the newest first, also those that are over. */
export async function listTokens(store: Store): Promise<readonly TokenView[]> {
  const rows = await store.db.selectFrom('api_tokens').selectAll().orderBy('id', 'desc').execute();
  return rows.map((row) => viewOf(row, store.now()));
}

export interface NoToken {
  readonly code: RefusalCode<401>;
  readonly reason: string;
}

/** The token, or why it is none. */
export async function findToken(store: Store, token: string): Promise<ApiToken | NoToken> {
  const row = await store.db
    .selectFrom('api_tokens')
    .selectAll()
    .where('token_hash', '=', secretHash(token))
    .executeTakeFirst();
  const now = store.now();
  if (row === undefined) return { code: 'token_unknown', reason: 'the token is not known here' };
  if (row.revoked_at !== null)
    return {
      code: 'token_revoked',
      reason: `the token ${row.name} was revoked at ${timestamp(row.revoked_at)}`,
    };
  if (row.expires_at <= now)
    return { code: 'token_expired', reason: `the token ${row.name} expired at ${timestamp(row.expires_at)}` };
  if (row.last_used_at === null || row.last_used_at <= now - USED_EVERY_MS)
    await store.transaction(async (tx) => {
      await tx.db.updateTable('api_tokens').set({ last_used_at: tx.at }).where('id', '=', row.id).execute();
    });
  return { id: row.id, name: row.name, scopes: scopesOf(row), unitId: row.unit_id };
}

/** What the token stands for where people have roles. */
export function userOfToken({ id, name, scopes, unitId }: ApiToken): User {
  const role = unitId !== null ? 'unit' : scopes.includes('tickets:write') ? 'operator' : 'viewer';
  return { id, username: name, role, unitId };
}

function viewOf(row: ApiTokenRow, now: number): TokenView {
  return {
    id: row.id,
    name: row.name,
    scopes: scopesOf(row),
    unitId: row.unit_id,
    state: row.revoked_at !== null ? 'revoked' : row.expires_at <= now ? 'expired' : 'valid',
    createdAt: timestamp(row.created_at),
    createdBy: row.created_by,
    expiresAt: timestamp(row.expires_at),
    lastUsedAt: row.last_used_at === null ? null : timestamp(row.last_used_at),
    revokedAt: row.revoked_at === null ? null : timestamp(row.revoked_at),
  };
}

function scopesOf(row: ApiTokenRow): readonly Scope[] {
  return JSON.parse(row.scopes) as Scope[];
}
