/** Orders to units' own systems, and what those systems tell us back. */

import { describeErrors, timestamp } from '@roadwatch/contract';
import { ORDER_STATES, OrderList } from '@roadwatch/contract/api';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { applyUpdate, authenticateUnit, UNIT_COMMANDS } from '../../dispatch/webhook/update.ts';
import { authorOf } from '../../identity/actor.ts';
import { retryOrder } from '../../orders/outbox.ts';
import { Refusal } from '../../refusal.ts';
import { orderLetGo } from '../../workflow/hand-over.ts';
import { CITY, DESK } from '../access.ts';
import { Nothing } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams, Reason } from '../schemas.ts';
import type { Server } from '../server.ts';
import { unstorableField } from '../storable-text.ts';

const ListQuery = Type.Object({
  state: Type.Union(
    ORDER_STATES.map((state) => Type.Literal(state)),
    { default: 'dead' },
  ),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
});
const Update = Type.Object({
  ticket: Type.String({ minLength: 1, maxLength: 64, description: 'the id or the number of the ticket' }),
  command: Type.Union(UNIT_COMMANDS.map((command) => Type.Literal(command))),
  reason: Type.Optional(Reason),
});
const UpdateHeaders = Type.Object({
  'webhook-id': Type.String({ minLength: 1, maxLength: 200 }),
  'webhook-timestamp': Type.String({ pattern: '^\\d{1,12}$', description: 'seconds since 1970' }),
  'webhook-signature': Type.String({ minLength: 1, maxLength: 2000 }),
});
const UnitParams = Type.Object({ unit: Type.String({ maxLength: 63 }) });

export function dispatchRoutes(server: Server, { config, store }: GatewayParts): void {
  server.get(
    '/api/dispatches',
    {
      schema: {
        tags: ['dispatches'],
        operationId: 'listOrders',
        summary: 'Orders to units',
        querystring: ListQuery,
        response: { 200: OrderList },
      },
      config: { access: CITY },
    },
    async ({ query }) => {
      const rows = await store.db
        .selectFrom('dispatch_outbox')
        .selectAll()
        .where('state', '=', query.state)
        .orderBy('id', 'desc')
        .limit(query.limit)
        .execute();
      return {
        items: rows.map((row) => ({
          id: row.id,
          ticketId: row.ticket_id,
          unitId: row.destination,
          kind: row.kind,
          state: row.state,
          attempts: row.attempts,
          error: row.last_error,
          createdAt: timestamp(row.created_at),
        })),
      };
    },
  );

  server.post(
    '/api/dispatches/:id/retry',
    {
      schema: {
        tags: ['dispatches'],
        operationId: 'retryOrder',
        summary: 'Send a failed order again',
        params: IdParams,
        response: { 204: Nothing },
      },
      config: { access: DESK, refuses: [404] },
    },
    async (request, reply) => {
      const author = authorOf(actorOf(request));
      await store.transaction(async (tx) => {
        const order = await retryOrder(tx, request.params.id);
        if (order === null) throw new Refusal('order_unknown', 'there is no failed order of this id');
        tx.audit({ ...author, action: 'dispatch.retried', subject: `ticket:${order.ticket_id}` });
      });
      return reply.code(204).send();
    },
  );

  server.post(
    '/api/dispatches/:id/dismiss',
    {
      schema: {
        tags: ['dispatches'],
        operationId: 'dismissOrder',
        summary: 'Let a failed order go, since the unit has been told in another way, with the reason',
        params: IdParams,
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
        response: { 204: Nothing },
      },
      config: { access: ['admin', 'shift_lead'], refuses: [404] },
    },
    async (request, reply) => {
      const author = authorOf(actorOf(request));
      const { reason } = request.body;
      await store.transaction(async (tx) => {
        const order = await orderLetGo(tx, config, request.params.id);
        if (order === null) throw new Refusal('order_unknown', 'there is no failed order of this id');
        const after = { unit: order.destination, reason };
        tx.audit({ ...author, action: 'dispatch.dismissed', subject: `ticket:${order.ticket_id}`, after });
      });
      return reply.code(204).send();
    },
  );

  server.register(async (scope) => {
    // The signature is over the bytes as they were sent.
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    scope.post<{ Params: { unit: string }; Headers: Record<string, string>; Body: string }>(
      '/api/units/:unit/updates',
      {
        schema: {
          tags: ['dispatches'],
          operationId: 'updateTicketAsUnit',
          summary: "A unit's own system moves a ticket on (signed by Standard Webhooks)",
          params: UnitParams,
          headers: UpdateHeaders,
          response: { 204: Nothing },
        },
        config: { access: 'public', rateLimit: { max: 600, timeWindow: 60_000 }, refuses: [403, 404, 409] },
      },
      async ({ params, headers, body, ip }, reply) => {
        const id = headers['webhook-id'] as string;
        const timestampS = Number(headers['webhook-timestamp']);
        const signatures = headers['webhook-signature'] as string;
        authenticateUnit(config, params.unit, { id, timestampS, body, signatures }, store.now());
        await applyUpdate(store, config, params.unit, id, parseUpdate(body), ip);
        return reply.code(204).send();
      },
    );
  });
}

function parseUpdate(body: string): Static<typeof Update> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal('json_invalid', 'the body is not valid JSON');
  }
  const unstorable = unstorableField(value);
  if (unstorable !== null)
    throw new Refusal('text_unstorable', `${unstorable}: has a character that cannot be stored`);
  if (!Value.Check(Update, value)) throw new Refusal('fields_invalid', describeErrors(Update, value));
  return value;
}
