/** What the person who asks has been told of clocks that run out. */

import { NoticeList } from '@roadwatch/contract/api';
import { markSeen, noticesFor } from '../../clocks/notices.ts';
import { EVERYBODY } from '../access.ts';
import { Nothing } from '../answers.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

export function noticeRoutes(server: Server, { store }: GatewayParts): void {
  server.get(
    '/api/notices',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'listNotices',
        summary: 'Clocks that run out, as far as you are to know',
        response: { 200: NoticeList },
      },
      config: { access: EVERYBODY },
    },
    async (request) => ({ items: await noticesFor(store.db, userOfRequest(request)) }),
  );

  server.post(
    '/api/notices/:id/seen',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'markNoticeSeen',
        summary: 'You have seen it',
        params: IdParams,
        response: { 204: Nothing },
      },
      config: { access: EVERYBODY, refuses: [404, 409] },
    },
    async (request, reply) => {
      await markSeen(store, request.params.id, userOfRequest(request), actorOf(request));
      return reply.code(204).send();
    },
  );
}
