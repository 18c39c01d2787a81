/** Letting go of messages that could not be accepted. */
import { Sha256 } from '@roadwatch/contract';
import { Type } from 'typebox';
import { authorOf } from '../../identity/actor.ts';
import { dismissRefused } from '../../ingest/refused.ts';
import { Refusal } from '../../refusal.ts';
import { Nothing } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { Reason } from '../schemas.ts';
import type { Server } from '../server.ts';

export function refusedRoutes(server: Server, { store }: GatewayParts): void {
  server.post(
    '/api/refused-messages/:sha256/dismiss',
    {
      schema: {
        tags: ['field'],
        operationId: 'dismissRefusedMessage',
        summary: 'Let a refused message go, with the reason',
        params: Type.Object({ sha256: Sha256 }),
        body: Type.Object(
          { topic: Type.String({ minLength: 1, maxLength: 1000 }), reason: Reason },
          { additionalProperties: false },
        ),
        response: { 204: Nothing },
      },
      config: { access: ['admin', 'shift_lead'], refuses: [404] },
    },
    async (request, reply) => {
      const author = authorOf(actorOf(request));
      const { topic, reason } = request.body;
      const { sha256 } = request.params;
      await store.transaction(async (tx) => {
        const gone = await dismissRefused(tx, { sha256, topic });
        if (gone === null)
          throw new Refusal('refused_message_unknown', `there is no refused message ${sha256}`);
        const after = { topic, reason, was: gone.reason, count: gone.count };
        tx.audit({ ...author, action: 'refused_message.dismissed', subject: `message:${sha256}`, after });
      });
      return reply.code(204).send();
    },
  );
}
