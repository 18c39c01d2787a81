/** Signing in at an identity provider: the browser goes there and comes back with a code (OpenID Connect Core 1.0, 3.1). */

import { limitWarnings } from '@roadwatch/common';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { basePath } from '../../config/public-url.ts';
import { admit, IdentityProvider } from '../../identity/oidc.ts';
import { openSession, SESSION_MS } from '../../identity/sessions.ts';
import { Refusal } from '../../refusal.ts';
import { Nothing } from '../answers.ts';
import { SESSION_COOKIE } from '../guard.ts';
import { addressFor, cookieScope } from '../public-address.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const PATH = '/api/session/oidc';
const ATTEMPT_COOKIE = 'roadwatch_oidc';
const ATTEMPT_S = 600;
const Secret = Type.String({ minLength: 16, maxLength: 200 });
const Attempt = Type.Object({ state: Secret, nonce: Secret, verifier: Secret });
const CallbackQuery = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 4096 })),
  state: Type.Optional(Type.String({ maxLength: 200 })),
  error: Type.Optional(Type.String({ maxLength: 200 })),
});

export function oidcRoutes(server: Server, { config, store, log }: GatewayParts): void {
  if (config.oidc === null) return;

  const provider = new IdentityProvider(config.oidc);
  const warn = limitWarnings(log);
  const { secure } = cookieScope(config.http);
  const base = basePath(config.http);
  /** Lax, since the provider sends the browser back from its own site. */
  const attemptCookie = { path: `${base}${PATH}`, httpOnly: true, sameSite: 'lax', secure } as const;
  const absolute = (request: FastifyRequest, path: string): URL =>
    new URL(addressFor(config.http, request, path));
  const route = (operationId: string, summary: string) => ({
    schema: { tags: ['session'], operationId, summary, response: { 302: Nothing } },
    config: { access: 'public' as const, rateLimit: { max: 30, timeWindow: 60_000 } },
  });

  server.get(PATH, route('signInElsewhere', 'Sign in at the identity provider'), async (request, reply) => {
    try {
      const { url, attempt } = await provider.begin(absolute(request, `${PATH}/callback`).href);
      const kept = Buffer.from(JSON.stringify(attempt)).toString('base64url');
      return reply.setCookie(ATTEMPT_COOKIE, kept, { ...attemptCookie, maxAge: ATTEMPT_S }).redirect(url);
    } catch (error) {
      warn({ reason: reasonOf(error) }, 'identity provider not reached');
      return reply.redirect(`${base}/?sign-in=unreachable`);
    }
  });

  const comeBack = route('comeBack', 'Come back from the identity provider');
  server.get(
    `${PATH}/callback`,
    { ...comeBack, schema: { ...comeBack.schema, querystring: CallbackQuery } },
    async (request, reply) => {
      reply.clearCookie(ATTEMPT_COOKIE, attemptCookie).header('cache-control', 'no-store');
      const attempt = attemptOf(request.cookies[ATTEMPT_COOKIE]);
      if (attempt === null) return reply.redirect(`${base}/?sign-in=failed`);
      try {
        const identity = await provider.finish(absolute(request, request.url), attempt);
        const user = await admit(store, identity, request.ip);
        const { token } = await openSession(store, user);
        return reply
          .setCookie(SESSION_COOKIE, token, { ...cookieScope(config.http), maxAge: SESSION_MS / 1000 })
          .redirect(`${base}/?sign-in=done`);
      } catch (error) {
        warn({ address: request.ip, reason: reasonOf(error) }, 'sign-in refused');
        return reply.redirect(`${base}/?sign-in=${error instanceof Refusal ? 'refused' : 'failed'}`);
      }
    },
  );
}

function attemptOf(cookie: string | undefined): Parameters<IdentityProvider['finish']>[1] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8'));
    return Value.Check(Attempt, value) ? value : null;
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
