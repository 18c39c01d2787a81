/** Logging in and out. */
import { Me, SignedIn, Ways } from '@roadwatch/contract/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addressOf, basePath } from '../../config/public-url.ts';
import { KNOWN_BROWSER_MS } from '../../identity/known-browsers.ts';
import { Logins, type Origin } from '../../identity/logins.ts';
import { closeSession, openSession, SESSION_MS } from '../../identity/sessions.ts';
import type { User } from '../../identity/users.ts';
import { leaveSession } from '../../queue/desk.ts';
import { Refusal } from '../../refusal.ts';
import { EVERYBODY } from '../access.ts';
import { Nothing } from '../answers.ts';
import { bucketOf } from '../client-address.ts';
import { SESSION_COOKIE, userOfRequest } from '../guard.ts';
import { cookieScope } from '../public-address.ts';
import type { GatewayParts } from '../route-context.ts';
import { needsSecondFactor } from '../second-factor-first.ts';
import type { Server } from '../server.ts';
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

const WHY_NOT = {
  login_wrong: 'user name or password is wrong',
  code_needed: 'the code of the second factor is needed',
  code_wrong: 'the code is wrong',
} as const;

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
    {
      schema: {
        tags: ['session'],
        operationId: 'getWays',
        summary: 'How people sign in here',
        response: { 200: Ways },
      },
      config: { access: 'public' },
    },
    async () => {
      const address = addressOf(config.http, '/');
      return {
        password: config.login.local,
        oidc:
          config.oidc === null
            ? null
            : { label: config.oidc.label, path: `${basePath(config.http)}/api/session/oidc` },
        /** Where the session's cookie is kept; left out: wherever this is read. */
        ...(address === undefined ? {} : { address }),
      };
    },
  );

  server.post(
    '/api/session',
    {
      schema: {
        tags: ['session'],
        operationId: 'logIn',
        summary: 'Log in',
        body: Credentials,
        response: { 200: SignedIn },
      },
      config: { access: 'public', refuses: [401, 403, 429] },
    },
    async (request, reply) => {
      if (!config.login.local)
        throw new Refusal(
          'passwords_not_taken',
          'passwords are not taken here; sign in at the identity provider',
        );
      const result = await logins.login(request.body, originOf(request));
      if (!result.ok) throw new Refusal(result.reason, WHY_NOT[result.reason]);
      const csrfToken = await signIn(reply, result.user, result.browser);
      return { csrfToken, user: result.user, timeZone: config.timeZone };
    },
  );

  server.delete(
    '/api/session',
    {
      schema: {
        tags: ['session'],
        operationId: 'logOut',
        summary: 'Log out',
        response: { 204: Nothing },
      },
      config: { access: EVERYBODY, beforeSecondFactor: true },
    },
    async (request, reply) => {
      await store.transaction(async (tx) => {
        await closeSession(tx, request.cookies[SESSION_COOKIE] ?? '');
        if (request.session !== null) await leaveSession(tx, request.session.id);
      });
      return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send();
    },
  );

  server.get(
    '/api/me',
    {
      schema: {
        tags: ['session'],
        operationId: 'whoAmI',
        summary: 'Who is logged in',
        response: { 200: Me },
      },
      config: { access: EVERYBODY, beforeSecondFactor: true },
    },
    async (request) => {
      const { session } = request;
      const { timeZone } = config;
      const user = userOfRequest(request);
      if (session === null) return { user, timeZone };
      const account = {
        password: session.local && config.login.local,
        secondFactor: session.secondFactor,
        mustSetUp: needsSecondFactor(config, session),
      };
      return { user, csrfToken: session.csrfToken, timeZone, account };
    },
  );

  accountRoutes(server, parts, logins, { originOf, signIn });
}
