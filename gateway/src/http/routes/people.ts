/** Who may use the console, for admins. No token may make or end a person: these routes name no scope. */
import { NewPerson, PersonList, ShownPassword, Standing } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { hashPassword } from '../../identity/password.ts';
import {
  changeStanding,
  endSessions,
  listPeople,
  makePerson,
  resetPassword,
  setDisabled,
} from '../../identity/people.ts';
import { newPassword } from '../../identity/users.ts';
import { Nothing } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const config = { access: ['admin'] as const };
const Named = Type.Object({ username: Type.String({ minLength: 1, maxLength: 64 }) });
const schema = (operationId: string, summary: string) => ({ tags: ['people'], operationId, summary });
/** A hash takes long, on purpose. */
const rateLimit = { max: 60, timeWindow: 60_000 };

export function peopleRoutes(server: Server, { store }: GatewayParts): void {
  server.get(
    '/api/users',
    {
      schema: { ...schema('listPeople', 'People who may use the console'), response: { 200: PersonList } },
      config,
    },
    async () => ({ items: await listPeople(store) }),
  );

  server.post(
    '/api/users',
    {
      schema: {
        ...schema('makePerson', 'A new person, with a password that is shown this once'),
        body: NewPerson,
        response: { 201: ShownPassword },
      },
      config: { ...config, rateLimit, refuses: [409] },
    },
    async (request, reply) => {
      const password = newPassword();
      await makePerson(store, request.body, await hashPassword(password), actorOf(request));
      const { username } = request.body;
      return reply.code(201).header('cache-control', 'no-store').send({ username, password });
    },
  );

  server.put(
    '/api/users/:username',
    {
      schema: {
        ...schema('changePerson', 'Another role; their sessions end'),
        params: Named,
        body: Standing,
        response: { 204: Nothing },
      },
      config: { ...config, refuses: [404, 409] },
    },
    async (request, reply) => {
      await changeStanding(store, request.params.username, request.body, actorOf(request));
      return reply.code(204).send();
    },
  );

  server.post(
    '/api/users/:username/password',
    {
      schema: {
        ...schema('resetPassword', 'A new password, shown this once; their sessions end'),
        params: Named,
        response: { 200: ShownPassword },
      },
      config: { ...config, rateLimit, refuses: [404, 409] },
    },
    async (request, reply) => {
      const password = newPassword();
      const { username } = request.params;
      await resetPassword(store, username, await hashPassword(password), actorOf(request));
      return reply.header('cache-control', 'no-store').send({ username, password });
    },
  );

  for (const [verb, summary, isDisabled] of [
    ['disable', 'Nobody signs in by this name; their sessions end', true],
    ['enable', 'They may sign in again', false],
  ] as const)
    server.post(
      `/api/users/:username/${verb}`,
      {
        schema: { ...schema(`${verb}Person`, summary), params: Named, response: { 204: Nothing } },
        config: { ...config, refuses: [404, 409] },
      },
      async (request, reply) => {
        await setDisabled(store, request.params.username, isDisabled, actorOf(request));
        return reply.code(204).send();
      },
    );

  server.delete(
    '/api/users/:username/sessions',
    {
      schema: {
        ...schema('endSessions', 'Sign somebody out everywhere'),
        params: Named,
        response: { 204: Nothing },
      },
      config: { ...config, refuses: [404] },
    },
    async (request, reply) => {
      await endSessions(store, request.params.username, actorOf(request));
      return reply.code(204).send();
    },
  );
}
