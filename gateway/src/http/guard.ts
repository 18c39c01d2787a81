/** Who may call a route: sessions by cookie, changes only with the session's own token, roles as the route says. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findSession, type Session } from '../identity/sessions.ts';
import type { User } from '../identity/users.ts';
import { type Actor, Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { Role } from '../store/tables.ts';

export const SESSION_COOKIE = 'roadwatch_session';
export const CSRF_HEADER = 'x-csrf-token';

/** `public`: no login needed. Left out: everybody who is logged in. */
export type Access = 'public' | readonly Role[];

export const DESK: readonly Role[] = ['operator', 'shift_lead', 'admin'];
export const EVERYBODY: readonly Role[] = ['operator', 'shift_lead', 'unit', 'inspector', 'viewer', 'admin'];
/** Who sees the whole city; a unit sees its own tickets only. */
export const CITY: readonly Role[] = ['operator', 'shift_lead', 'inspector', 'viewer', 'admin'];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    session: Session | null;
  }
}

export class Unauthenticated extends Error {
  readonly statusCode = 401;
}

export function guardRoutes(
  server: Pick<FastifyInstance, 'decorateRequest' | 'addHook'>,
  store: Store,
): void {
  server.decorateRequest('session', null);
  server.addHook('onRequest', async (request) => {
    if (!request.url.startsWith('/api/')) return;
    const access = request.routeOptions.config.access ?? EVERYBODY;
    const token = request.cookies[SESSION_COOKIE];
    request.session = token === undefined ? null : await findSession(store, token);
    if (access === 'public') return;
    if (request.session === null) throw new Unauthenticated('log in first');
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && request.headers[CSRF_HEADER] !== request.session.csrfToken)
      throw new Refusal('forbidden', `the ${CSRF_HEADER} header is missing or is not the session's`);
    if (!access.includes(request.session.user.role))
      throw new Refusal('forbidden', `your role, ${request.session.user.role}, may not do this`);
  });
}

/** Who asks; only for routes that are not public. */
export function userOfRequest(request: FastifyRequest): User {
  if (request.session === null) throw new Unauthenticated('log in first');
  return request.session.user;
}

export function actorOf(request: FastifyRequest): Actor {
  return { name: `user:${userOfRequest(request).username}`, channel: 'console' };
}
