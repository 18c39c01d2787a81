/** Which screens may show the wall: each by a token that can read the wall and nothing else, and that can be ended alone. */
import type { ApiToken, NewWall } from '@roadwatch/contract/api';
import type { Actor } from '../identity/actor.ts';
import { createToken, listTokens, revokeToken } from '../identity/tokens.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';

const DAY_MS = 86_400_000;

/** The secret stands behind a `#`, so that neither a proxy's log nor another site is told it. */
function wallPath(token: string): string {
  return `/wall#${token}`;
}

export async function makeWall(store: Store, { name, days }: NewWall, actor: Actor) {
  const expiresAt = store.now() + days * DAY_MS;
  const { token, kept } = await createToken(store, { name, scopes: ['wall:read'], expiresAt }, actor);
  return { path: wallPath(token), wall: kept };
}

export async function listWalls(store: Store): Promise<readonly ApiToken[]> {
  return (await listTokens(store)).filter(isWall);
}

/** Throws Refusal, also for a token that is for something else. */
export async function endWall(
  store: Store,
  by: { readonly id: string } | { readonly name: string },
  actor: Actor,
): Promise<void> {
  const walls = await listWalls(store);
  const wall = walls.find((each) => ('id' in by ? each.id === by.id : each.name === by.name));
  if (wall === undefined)
    throw new Refusal('token_not_listed', `there is no wall ${'id' in by ? by.id : by.name}`);
  await revokeToken(store, { id: wall.id }, actor);
}

function isWall({ scopes }: ApiToken): boolean {
  return scopes.length === 1 && scopes[0] === 'wall:read';
}
