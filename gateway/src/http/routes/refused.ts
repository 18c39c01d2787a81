/** What an admin does about messages that could not be accepted: takes one after all, or lets it go. */
import { Sha256 } from '@roadwatch/contract';
import { Type } from 'typebox';
import { authorOf } from '../../identity/actor.ts';
import { takeAgain } from '../../ingest/again.ts';
import { forgetRefused } from '../../ingest/refused.ts';
import { receiversOf } from '../../workflow/collect.ts';
import { Nothing } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { Reason } from '../schemas.ts';
import type { Server } from '../server.ts';

const Name = Type.Object({ sha256: Sha256 });
const Topic = Type.String({ minLength: 1, maxLength: 1000 });
const ACCESS = ['admin', 'shift_lead'] as const;

export function refusedRoutes(server: Server, { store, evidence, config }: GatewayParts): void {
  server.post(
    '/api/refused-messages/:sha256/retry',
    {
      schema: {
        tags: ['field'],
        operationId: 'retryRefusedMessage',
        summary: 'Take a refused message again, as if it came now',
        params: Name,
        body: Type.Object({ topic: Topic }, { additionalProperties: false }),
        response: { 204: Nothing },
      },
      config: { access: ACCESS, refuses: [404, 409] },
    },
    async (request, reply) => {
      const { limits } = config.agents;
      const parts = { store, evidence, receivers: receiversOf(config.alerts), limits };
      const name = { sha256: request.params.sha256, topic: request.body.topic };
      await takeAgain(parts, name, authorOf(actorOf(request)));
      return reply.code(204).send();
    },
  );

  server.post(
    '/api/refused-messages/:sha256/dismiss',
    {
      schema: {
        tags: ['field'],
        operationId: 'dismissRefusedMessage',
        summary: 'Let a refused message go, with the reason',
        params: Name,
        body: Type.Object({ topic: Topic, reason: Reason }, { additionalProperties: false }),
        response: { 204: Nothing },
      },
      config: { access: ACCESS, refuses: [404] },
    },
    async (request, reply) => {
      const author = authorOf(actorOf(request));
      const { topic, reason } = request.body;
      const { sha256 } = request.params;
      await store.transaction(async (tx) => {
        const gone = await forgetRefused(tx, { sha256, topic });
        const after = { topic, reason, was: gone.reason, count: gone.count };
        tx.audit({ ...author, action: 'refused_message.dismissed', subject: `message:${sha256}`, after });
      });
      return reply.code(204).send();
    },
  );
}
