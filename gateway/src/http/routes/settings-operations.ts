/** The system of the maintainers: what came of the last call, and a test of it. People only: these routes name no scope. */
import { LastOperationsCall, OperationsCall } from '@roadwatch/contract/api';
import { authorOf } from '../../identity/actor.ts';
import { lastCall } from '../../operations/call.ts';
import { tryMaintainers } from '../../operations/trial.ts';
import { Refusal } from '../../refusal.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const PATH = '/api/settings/operations';
const config = { access: ['admin'] as const };

export function operationsRoutes(server: Server, { store, settings }: GatewayParts): void {
  server.get(
    `${PATH}/last-call`,
    {
      schema: {
        tags: ['settings'],
        operationId: 'getLastOperationsCall',
        summary: "The last call of the maintainers' system, and what came of it",
        response: { 200: LastOperationsCall },
      },
      config,
    },
    async () => ({ last: await lastCall(store) }),
  );

  server.post(
    `${PATH}/test`,
    {
      schema: {
        tags: ['settings'],
        operationId: 'testOperations',
        summary: "Send a test to the maintainers' system, the way that they are told of faults",
        response: { 200: OperationsCall },
      },
      config: { ...config, refuses: [404], rateLimit: { max: 30, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { webhook } = settings.config.operations;
      if (webhook === null) throw new Refusal('operations_unset', 'there is no system of the maintainers');
      const left = new AbortController();
      reply.raw.on('close', () => left.abort());
      const call = await tryMaintainers(store, webhook, left.signal);
      // Whoever asked has left.
      if (call === null) return reply;
      await store.transaction(async (tx) => {
        const after = { outcome: call.outcome };
        const author = authorOf(actorOf(request));
        tx.audit({ ...author, action: 'operations.tested', subject: 'settings:operations', after });
      });
      return call;
    },
  );
}
