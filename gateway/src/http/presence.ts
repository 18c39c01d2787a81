/**
 * A stream or a live view goes on for hours after it was allowed. It ends with what allowed it: the logout, a token that is revoked
 * or expires, a person who is disabled or gets another role.
 */
import type { FastifyRequest } from 'fastify';
import { findSession } from '../identity/sessions.ts';
import { findToken, userOfToken } from '../identity/tokens.ts';
import type { User } from '../identity/users.ts';
import type { Store } from '../store/database.ts';
import type { Access } from './access.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { bearerOf, SESSION_COOKIE } from './guard.ts';

/** What ends without anybody's doing, by its time, is noticed this late at most. */
const LOOK_MS = 30_000;

/** Calls `end` once the request would be refused; returns how to stop looking. */
export function endWithAccess(
  { store, changes, log }: Pick<GatewayParts, 'store' | 'changes' | 'log'>,
  request: FastifyRequest,
  end: () => void,
): () => void {
  const access = request.routeOptions.config.access ?? [];
  const look = (): void => {
    isAllowed(store, request, access).then(
      (allowed) => {
        if (!allowed) end();
      },
      // A store that is away says nothing of who may.
      (error: Error) => log.warn({ reason: error.message }, 'access not looked up'),
    );
  };
  const stopListening = changes.listen(({ kind }) => {
    if (kind === 'access') look();
  });
  const timer = setInterval(look, LOOK_MS);
  return () => {
    stopListening();
    clearInterval(timer);
  };
}

async function isAllowed(store: Store, request: FastifyRequest, access: Access): Promise<boolean> {
  const user = await userNow(store, request);
  return user !== null && access !== 'public' && access.includes(user.role);
}

async function userNow(store: Store, request: FastifyRequest): Promise<User | null> {
  if (request.token === null)
    return (await findSession(store, request.cookies[SESSION_COOKIE] ?? ''))?.user ?? null;
  const token = await findToken(store, bearerOf(request) ?? '');
  return typeof token === 'string' ? null : userOfToken(token);
}
