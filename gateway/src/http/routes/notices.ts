/** What the person who asks has been told of clocks that run out. */
import { markSeen, noticesFor } from '../../clocks/notices.ts';
import { EVERYBODY } from '../access.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

export function noticeRoutes(server: Server, { store }: GatewayParts): void {
  server.get(
    '/api/notices',
    {
      schema: { tags: ['tickets'], summary: 'Clocks that run out, as far as you are to know' },
      config: { access: EVERYBODY },
    },
    async (request) => ({ items: await noticesFor(store.db, userOfRequest(request)) }),
  );

  server.post(
    '/api/notices/:id/seen',
    {
      schema: { tags: ['tickets'], summary: 'You have seen it', params: IdParams },
      config: { access: EVERYBODY },
    },
    async (request, reply) => {
      await markSeen(store, request.params.id, userOfRequest(request), actorOf(request));
      return reply.code(204).send();
    },
  );
}
