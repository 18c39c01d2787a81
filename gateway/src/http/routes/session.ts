/** Logging in and out. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addressOf, basePath } from '../../config/public-url.ts';
import { KNOWN_BROWSER_MS } from '../../identity/known-browsers.ts';
import { Logins, type Origin } from '../../identity/logins.ts';
import { closeSession, openSession, SESSION_MS } from '../../identity/sessions.ts';
import type { User } from '../../identity/users.ts';
import { Refusal } from '../../refusal.ts';
import { EVERYBODY } from '../access.ts';
import { bucketOf } from '../client-address.ts';
import { SESSION_COOKIE, userOfRequest } from '../guard.ts';
import { cookieScope } from '../public-address.ts';
import type { GatewayParts } from '../route-context.ts';
import { needsSecondFactor } from '../second-factor-first.ts';
import { problem, type Server } from '../server.ts';
import { accountRoutes } from './account.ts';

const BROWSER_COOKIE = 'roadwatch_browser';
const Credentials = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  { additionalProperties: false },
);

export function sessionRoutes(server: Server, parts: GatewayParts): void {
  const { config, store, log } = parts;
  const cookie = cookieScope(config.http);
  const logins = new Logins(store, log);
  server.addHook('preClose', () => logins.stop());
  const originOf = (request: FastifyRequest): Origin => ({
    address: bucketOf(request),
    source: request.ip,
    browser: request.cookies[BROWSER_COOKIE],
  });
  const signIn = async (reply: FastifyReply, user: User, browser: string | null): Promise<string> => {
    const { token, csrfToken } = await openSession(store, user);
    reply.setCookie(SESSION_COOKIE, token, { ...cookie, maxAge: SESSION_MS / 1000 });
    if (browser !== null)
      reply.setCookie(BROWSER_COOKIE, browser, { ...cookie, maxAge: KNOWN_BROWSER_MS / 1000 });
    return csrfToken;
  };

  server.get(
    '/api/session/ways',
    { schema: { tags: ['session'], summary: 'How people sign in here' }, config: { access: 'public' } },
    async () => ({
      password: config.login.local,
      oidc:
        config.oidc === null
          ? null
          : { label: config.oidc.label, path: `${basePath(config.http)}/api/session/oidc` },
      /** Where the session's cookie is kept; left out: wherever this is read. */
      address: addressOf(config.http, '/'),
    }),
  );

  server.post(
    '/api/session',
    { schema: { tags: ['session'], summary: 'Log in', body: Credentials }, config: { access: 'public' } },
    async (request, reply) => {
      if (!config.login.local)
        throw new Refusal('forbidden', 'passwords are not taken here; sign in at the identity provider');
      const result = await logins.login(request.body, originOf(request));
      if (!result.ok && result.reason === 'wrong')
        return problem(reply, 401, 'user name or password is wrong');
      if (!result.ok) {
        const detail =
          result.reason === 'code_needed' ? 'the code of the second factor is needed' : 'the code is wrong';
        return problem(reply, 401, detail, result.reason);
      }
      const csrfToken = await signIn(reply, result.user, result.browser);
      return { csrfToken, user: result.user, timeZone: config.timeZone };
    },
  );

  server.delete(
    '/api/session',
    {
      schema: { tags: ['session'], summary: 'Log out' },
      config: { access: EVERYBODY, beforeSecondFactor: true },
    },
    async (request, reply) => {
      await closeSession(store, request.cookies[SESSION_COOKIE] ?? '');
      return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send();
    },
  );

  server.get(
    '/api/me',
    {
      schema: { tags: ['session'], summary: 'Who is logged in' },
      config: { access: EVERYBODY, beforeSecondFactor: true },
    },
    async (request) => ({
      user: userOfRequest(request),
      csrfToken: request.session?.csrfToken,
      timeZone: config.timeZone,
      account:
        request.session === null
          ? undefined
          : {
              password: request.session.local && config.login.local,
              secondFactor: request.session.secondFactor,
              mustSetUp: needsSecondFactor(config, request.session),
            },
    }),
  );

  accountRoutes(server, parts, logins, { originOf, signIn });
}
