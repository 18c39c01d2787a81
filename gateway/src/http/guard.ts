/**
 * Who may call a route: people by a session in a cookie, changes only with the session's own token, roles as the route says; other
 * programs by a token of theirs (RFC 6750), for the routes that name a scope.
 */

import { limitWarnings } from '@roadwatch/common';
import type { Role, Scope } from '@roadwatch/contract/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Actor } from '../identity/actor.ts';
import { findSession, type Session } from '../identity/sessions.ts';
import { type ApiToken, findToken, userOfToken } from '../identity/tokens.ts';
import type { User } from '../identity/users.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';

export const SESSION_COOKIE = 'roadwatch_session';
const CSRF_HEADER = 'x-csrf-token';

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null;
    token: ApiToken | null;
  }
}

const REFUSED = 'token refused';

export function guardRoutes(
  server: Pick<FastifyInstance, 'decorateRequest' | 'addHook'>,
  store: Store,
  log: Logger,
): void {
  const warn = limitWarnings(log);
  server.decorateRequest('session', null);
  server.decorateRequest('token', null);
  server.addHook('onRequest', async (request, reply) => {
    // What no route matches has nothing to protect: the answer is that nothing is there, or the start page of the console.
    if (request.is404) return;
    const { access, scope } = request.routeOptions.config;
    if (access === 'public') return;
    if (access === undefined) throw new Refusal('access_undeclared', 'this route declares no access');
    const bearer = bearerOf(request);
    if (bearer !== undefined) {
      request.token = await tokenFor(store, bearer, scope).catch((error: Error) => {
        warn({ address: request.ip, url: request.routeOptions.url, reason: error.message }, REFUSED);
        if (error instanceof Refusal && error.status === 401)
          reply.header('www-authenticate', 'Bearer error="invalid_token"');
        throw error;
      });
      return mayCall(userOfToken(request.token), access);
    }
    const cookie = request.cookies[SESSION_COOKIE];
    request.session = cookie === undefined ? null : await findSession(store, cookie);
    if (request.session === null) throw new Refusal('login_needed', 'log in first');
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && request.headers[CSRF_HEADER] !== request.session.csrfToken)
      throw new Refusal('csrf_missing', `the ${CSRF_HEADER} header is missing or is not the session's`);
    mayCall(request.session.user, access);
  });
}

function mayCall(user: User, access: readonly Role[]): void {
  if (!access.includes(user.role))
    throw new Refusal('role_forbidden', `your role, ${user.role}, may not do this`);
}

/** The token, if it may do what needs the scope. Throws Refusal. */
export async function tokenFor(store: Store, secret: string, scope: Scope | undefined): Promise<ApiToken> {
  const token = await findToken(store, secret);
  if ('code' in token) throw new Refusal(token.code, token.reason);
  if (scope === undefined) throw new Refusal('people_only', 'this is for people only, not for tokens');
  if (token.scopes.includes(scope)) return token;
  throw new Refusal('scope_missing', `the token ${token.name} has not the scope ${scope}`);
}

/** RFC 6750, 2.1. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

type Asking = Pick<FastifyRequest, 'session' | 'token' | 'ip'>;

/** Who asks; only for routes that are not public. */
export function userOfRequest({ session, token }: Pick<Asking, 'session' | 'token'>): User {
  if (token !== null) return userOfToken(token);
  if (session === null) throw new Refusal('login_needed', 'log in first');
  return session.user;
}

export function actorOf(request: Asking): Actor {
  if (request.token !== null) return tokenActor(request.token, request.ip);
  return { name: `user:${userOfRequest(request).username}`, channel: 'console', source: request.ip };
}

function tokenActor({ name }: ApiToken, source: string): Actor {
  return { name: `token:${name}`, channel: 'api', source };
}
