/** The admin's list of API tokens. No token may make or end another: these routes name no scope. */
import { Type } from 'typebox';
import { createToken, listTokens, revokeToken, SCOPES, TOKEN_NAME } from '../../identity/tokens.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams, Instant } from '../schemas.ts';
import type { Server } from '../server.ts';

const NewToken = Type.Object(
  {
    name: Type.String({ pattern: TOKEN_NAME, description: 'stands in the audit as token:NAME' }),
    scopes: Type.Array(Type.Union(SCOPES.map((scope) => Type.Literal(scope))), {
      minItems: 1,
      maxItems: SCOPES.length,
    }),
    expiresAt: Type.Unsafe<string>({ ...Instant, description: 'RFC 3339, within the next five years' }),
    unitId: Type.Optional(
      Type.String({ maxLength: 63, description: 'sees and moves the tickets of this unit only' }),
    ),
  },
  { additionalProperties: false },
);

export function tokenRoutes(server: Server, { store }: GatewayParts): void {
  const config = { access: ['admin'] as const };

  server.get(
    '/api/tokens',
    { schema: { tags: ['tokens'], summary: 'API tokens, without their secrets' }, config },
    async () => ({ items: await listTokens(store) }),
  );

  server.post(
    '/api/tokens',
    {
      schema: { tags: ['tokens'], summary: 'A new token, shown this once', body: NewToken },
      config,
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
    { schema: { tags: ['tokens'], summary: 'End a token at once', params: IdParams }, config },
    async (request, reply) => {
      await revokeToken(store, { id: request.params.id }, actorOf(request));
      return reply.code(204).send();
    },
  );
}
