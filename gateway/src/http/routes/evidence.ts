/** Pictures and clips by their SHA-256: they never change, so browsers may keep them. */
import { Sha256 } from '@roadwatch/contract';
import { Type } from 'typebox';
import { Refusal } from '../../refusal.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { Server } from '../server.ts';

const Params = Type.Object({ sha256: Sha256 });

export function evidenceRoutes(server: Server, { store, evidence }: GatewayParts): void {
  server.get(
    '/api/evidence/:sha256',
    {
      schema: { tags: ['evidence'], summary: 'A picture or a clip', params: Params },
      config: { scope: 'alerts:read' },
    },
    async ({ params, headers }, reply) => {
      const { sha256 } = params;
      const row = await store.db
        .selectFrom('evidence')
        .selectAll()
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      const file = row === undefined ? null : await evidence.get(sha256);
      if (row === undefined || file === null) throw new Refusal('not_found', 'there is no such evidence');
      reply.headers({
        etag: `"${sha256}"`,
        'cache-control': 'private, max-age=31536000, immutable',
        'content-disposition': 'inline',
      });
      if (headers['if-none-match'] === `"${sha256}"`) return reply.code(304).send();
      return reply.type(row.content_type).header('content-length', file.bytes).send(file.open());
    },
  );
}
