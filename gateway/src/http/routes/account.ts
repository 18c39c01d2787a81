/** What people do with their own password and second factor, and what an admin does for somebody who has lost theirs. */

import { FactorBegun, FactorOn, Renewed } from '@roadwatch/contract/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { Type } from 'typebox';
import type { Logins, Origin } from '../../identity/logins.ts';
import {
  beginSecondFactor,
  checkCode,
  confirmSecondFactor,
  removeSecondFactor,
} from '../../identity/second-factor.ts';
import type { Session } from '../../identity/sessions.ts';
import { resetSecondFactor, setOwnPassword, signOutEverywhere, type User } from '../../identity/users.ts';
import { Refusal } from '../../refusal.ts';
import { EVERYBODY } from '../access.ts';
import { Nothing } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

/** NIST SP 800-63B asks for length, not for kinds of characters. */
const MIN_PASSWORD = 12;
const Password = Type.String({ minLength: 1, maxLength: 256 });
const Code = Type.String({ minLength: 1, maxLength: 40 });
const body = <Fields extends Record<string, ReturnType<typeof Type.String>>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });

interface Means {
  readonly originOf: (request: FastifyRequest) => Origin;
  /** Gives this browser a new session, and returns the token that its changes must carry. */
  readonly signIn: (reply: FastifyReply, user: User, browser: string | null) => Promise<string>;
}

export function accountRoutes(
  server: Server,
  { config, store }: GatewayParts,
  logins: Logins,
  { originOf, signIn }: Means,
): void {
  const own = { access: EVERYBODY, beforeSecondFactor: true };
  const schema = (operationId: string, summary: string) => ({ tags: ['session'], operationId, summary });
  /** Somebody who has a password here, and who is no program. Throws Refusal. */
  const localOf = ({ session }: FastifyRequest): Session => {
    if (session?.local && config.login.local) return session;
    throw new Refusal(
      'password_elsewhere',
      'your password is kept by the identity provider; change it there',
    );
  };

  server.post(
    '/api/me/password',
    {
      schema: {
        ...schema('changePassword', 'Change one’s own password; all other sessions end'),
        body: body({ old: Password, new: Password }),
        response: { 200: Renewed },
      },
      config: { ...own, refuses: [409, 429] },
    },
    async (request, reply) => {
      const { user } = localOf(request);
      const { old, new: fresh } = request.body;
      if (fresh.length < MIN_PASSWORD)
        throw new Refusal(
          'password_short',
          `new: is too short; expected at least ${MIN_PASSWORD} characters`,
        );
      if (fresh === old || fresh.toLowerCase().includes(user.username))
        throw new Refusal('password_known', 'new: must be another one, without your name in it');
      await logins.checkOwn(user, old, originOf(request));
      const hash = await logins.hash(fresh);
      await store.transaction((tx) => setOwnPassword(tx, user, hash, actorOf(request)));
      return { csrfToken: await signIn(reply, user, null) };
    },
  );

  server.post(
    '/api/me/second-factor',
    {
      schema: {
        ...schema('beginSecondFactor', 'Begin to set up a second factor'),
        body: body({ password: Password }),
        response: { 200: FactorBegun },
      },
      config: { ...own, refuses: [409, 429] },
    },
    async (request, reply) => {
      const { user } = localOf(request);
      await logins.checkOwn(user, request.body.password, originOf(request));
      const { secret, uri } = await beginSecondFactor(store, user);
      const qr = await QRCode.toString(uri, { type: 'svg', margin: 4 });
      return reply.header('cache-control', 'no-store').send({ secret, uri, qr });
    },
  );

  server.post(
    '/api/me/second-factor/confirm',
    {
      schema: {
        ...schema('confirmSecondFactor', 'Switch it on with a first code; all other sessions end'),
        body: body({ code: Code }),
        response: { 200: FactorOn },
      },
      config: { ...own, refuses: [409] },
    },
    async (request, reply) => {
      const { user } = localOf(request);
      const recoveryCodes = await store.transaction(async (tx) => {
        const codes = await confirmSecondFactor(tx, user, request.body.code, actorOf(request));
        await signOutEverywhere(tx, user.id);
        return codes;
      });
      const csrfToken = await signIn(reply, user, null);
      return reply.header('cache-control', 'no-store').send({ csrfToken, recoveryCodes });
    },
  );

  server.post(
    '/api/me/second-factor/off',
    {
      schema: {
        ...schema('dropSecondFactor', 'Take it off'),
        body: body({ password: Password, code: Code }),
        response: { 204: Nothing },
      },
      config: { access: EVERYBODY, refuses: [409, 429] },
    },
    async (request, reply) => {
      const { user } = localOf(request);
      if (config.login.requireSecondFactor.includes(user.role))
        throw new Refusal('second_factor_required', 'your role needs a second factor here');
      await logins.checkOwn(user, request.body.password, originOf(request));
      const result = await store.transaction(async (tx) => {
        const checked = await checkCode(tx, user.id, request.body.code);
        if (checked === 'right') await removeSecondFactor(tx, user, actorOf(request));
        return checked;
      });
      if (typeof result === 'object')
        throw new Refusal('codes_many', 'too many wrong codes', Math.ceil(result.blockedForMs / 1000));
      if (result === 'wrong') throw new Refusal('factor_code_wrong', 'code: is wrong');
      return reply.code(204).send();
    },
  );

  server.delete(
    '/api/users/:username/second-factor',
    {
      schema: {
        ...schema(
          'resetSecondFactor',
          'Take off the second factor of somebody who has lost it; their sessions end',
        ),
        response: { 204: Nothing },
        params: Type.Object({ username: Type.String({ minLength: 1, maxLength: 64 }) }),
      },
      config: { access: ['admin'], refuses: [404] },
    },
    async (request, reply) => {
      const { username } = request.params;
      if (!(await resetSecondFactor(store, username, actorOf(request))))
        throw new Refusal('second_factor_unknown', `${username} has no second factor`);
      return reply.code(204).send();
    },
  );
}
