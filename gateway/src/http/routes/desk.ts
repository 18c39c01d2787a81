/** The operator's desk: it pulls the next alert, keeps what is on its screen, and gives it back. */

import { timestamp } from '@roadwatch/contract';
import { DeskAsks, DeskLeaves, DeskLooks, DeskNext, DeskRenewal } from '@roadwatch/contract/api';
import type { FastifyRequest } from 'fastify';
import { alertsById } from '../../alerts/read/list.ts';
import { unitOfAlert } from '../../orders/units.ts';
import { handNext, leave, renew } from '../../queue/desk.ts';
import type { Desk } from '../../queue/lease.ts';
import { askedOf, WHOLE_QUEUE } from '../../queue/on-the-map.ts';
import { DESK } from '../access.ts';
import { filterOf } from '../alert-filter.ts';
import { Nothing } from '../answers.ts';
import { COMPRESSED } from '../compression.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

export function deskRoutes(server: Server, { config, store }: GatewayParts): void {
  const leaseMs = config.alerts.claimSeconds * 1000;
  server.post(
    '/api/desk/next',
    {
      ...COMPRESSED,
      schema: {
        tags: ['desk'],
        operationId: 'pullNext',
        summary: 'What to judge next',
        body: DeskLooks,
        response: { 200: DeskNext },
      },
      config: { access: DESK },
    },
    async (request) => {
      const { holding, judged = [], filter } = request.body;
      const { ids, leaseUntil, waiting } = await handNext(
        store,
        deskOf(request, request.body),
        { holding, judged },
        filter === undefined ? WHOLE_QUEUE : await askedOf(store.db, config, filterOf(filter)),
        leaseMs,
      );
      const alerts = await alertsById(store.db, ids);
      const items = alerts.map((alert) => ({ ...alert, unitId: unitOfAlert(config, alert) }));
      return { items, waiting, leaseUntil: timestamp(leaseUntil) };
    },
  );
  server.post(
    '/api/desk/renew',
    {
      schema: {
        tags: ['desk'],
        operationId: 'renewHolding',
        summary: 'They are still on the screen',
        body: DeskAsks,
        response: { 200: DeskRenewal },
      },
      config: { access: DESK },
    },
    async (request) => {
      const { holding } = request.body;
      const { ids, leaseUntil } = await renew(store, deskOf(request, request.body), holding, leaseMs);
      return { holding: ids, leaseUntil: timestamp(leaseUntil) };
    },
  );
  server.post(
    '/api/desk/release',
    {
      schema: {
        tags: ['desk'],
        operationId: 'leaveDesk',
        summary: 'The desk is left: others may have what it had',
        body: DeskLeaves,
        response: { 204: Nothing },
      },
      config: { access: DESK },
    },
    async (request, reply) => {
      await leave(store, deskOf(request, request.body));
      return reply.code(204).send();
    },
  );
}

function deskOf(request: FastifyRequest, { desk }: { readonly desk: string }): Desk {
  return { id: desk, holder: actorOf(request).name, session: request.session?.id ?? null };
}
