/** The admin's list of API tokens. No token may make or end another: these routes name no scope. */

import { ApiTokenList, ApiTokenMade, NewToken } from '@roadwatch/contract/api';
import { createToken, listTokens, revokeToken } from '../../identity/tokens.ts';
import { Nothing } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

export function tokenRoutes(server: Server, { store }: GatewayParts): void {
  const config = { access: ['admin'] as const };

  server.get(
    '/api/tokens',
    {
      schema: {
        tags: ['tokens'],
        operationId: 'listTokens',
        summary: 'API tokens, without their secrets',
        response: { 200: ApiTokenList },
      },
      config,
    },
    async () => ({ items: await listTokens(store) }),
  );

  server.post(
    '/api/tokens',
    {
      schema: {
        tags: ['tokens'],
        operationId: 'makeToken',
        summary: 'A new token, shown this once',
        body: NewToken,
        response: { 201: ApiTokenMade },
      },
      config: { ...config, refuses: [409] },
    },
    async (request, reply) => {
      const { expiresAt, ...wanted } = request.body;
      const made = { ...wanted, expiresAt: Date.parse(expiresAt) };
      const { token, kept } = await createToken(store, made, actorOf(request));
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ token, ...kept });
    },
  );

  server.delete(
    '/api/tokens/:id',
    {
      schema: {
        tags: ['tokens'],
        operationId: 'revokeToken',
        summary: 'End a token at once',
        params: IdParams,
        response: { 204: Nothing },
      },
      config: { ...config, refuses: [404, 409] },
    },
    async (request, reply) => {
      await revokeToken(store, { id: request.params.id }, actorOf(request));
      return reply.code(204).send();
    },
  );
}
