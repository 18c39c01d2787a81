/** Logging in and out. */
import { Type } from 'typebox';
import { closeSession, openSession, SESSION_MS } from '../../identity/sessions.ts';
import { login } from '../../identity/users.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { SESSION_COOKIE, userOfRequest } from '../guard.ts';
import { problem, type Server } from '../server.ts';

const Credentials = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
);

export function sessionRoutes(server: Server, { config, store }: GatewayParts): void {
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: config.http.publicUrl?.startsWith('https:') ?? false,
  } as const;

  server.post(
    '/api/session',
    {
      schema: { tags: ['session'], summary: 'Log in', body: Credentials },
      config: { access: 'public', rateLimit: { max: 20, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const result = await login(store, request.body.username, request.body.password);
      if (!result.ok && result.reason === 'locked') {
        const seconds = Math.ceil(((result.until ?? 0) - store.now()) / 1000);
        return problem(
          reply.header('retry-after', seconds),
          429,
          `too many wrong passwords; try again in ${Math.ceil(seconds / 60)} minutes`,
        );
      }
      if (!result.ok) return problem(reply, 401, 'user name or password is wrong');
      const { token, csrfToken } = await openSession(store, result.user);
      reply.setCookie(SESSION_COOKIE, token, { ...cookie, maxAge: SESSION_MS / 1000 });
      return { csrfToken, user: result.user, timeZone: config.timeZone };
    },
  );

  server.delete(
    '/api/session',
    { schema: { tags: ['session'], summary: 'Log out' } },
    async (request, reply) => {
      await closeSession(store, request.cookies[SESSION_COOKIE] ?? '');
      return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send();
    },
  );

  server.get('/api/me', { schema: { tags: ['session'], summary: 'Who is logged in' } }, async (request) => ({
    user: userOfRequest(request),
    csrfToken: request.session?.csrfToken,
    timeZone: config.timeZone,
  }));
}
