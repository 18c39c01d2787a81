/** Tickets and the commands that move them. */
import {
  OneOf,
  TICKET_COMMANDS,
  TICKET_OUTCOMES,
  TICKET_STATES,
  Ticket,
  TicketDetail,
  TicketPage,
} from '@roadwatch/contract/api';
import { Type } from 'typebox';
import type { User } from '../../identity/users.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import { keyOf } from '../../store/page.ts';
import { isOpen } from '../../tickets/machine.ts';
import { findTicket, listTickets, ticketHistory } from '../../tickets/view.ts';
import { commandTicket } from '../../workflow/commands.ts';
import { EVERYBODY } from '../access.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import { commands, IdempotencyHeaders } from '../idempotent.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams, PageQuery, Reason } from '../schemas.ts';
import type { Server } from '../server.ts';

const ListQuery = Type.Object({
  state: Type.Optional(OneOf(['open', ...TICKET_STATES])),
  ...PageQuery,
});
const Command = Type.Object(
  {
    command: OneOf(TICKET_COMMANDS),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: 'refused when the ticket has changed since' }),
    ),
    reason: Type.Optional(Reason),
    outcome: Type.Optional(OneOf(TICKET_OUTCOMES)),
    unitId: Type.Optional(Type.String({ maxLength: 63 })),
  },
  { additionalProperties: false },
);

export function ticketRoutes(server: Server, { config, store }: GatewayParts): void {
  const command = commands(store);
  const one = async (id: string, user: User, db: Store['db'] = store.db) => {
    const ticket = await findTicket(db, id, user);
    if (ticket === null) throw new Refusal('ticket_unknown', `there is no ticket ${id}`);
    return ticket;
  };

  server.get(
    '/api/tickets',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'listTickets',
        summary: 'Tickets, page by page',
        querystring: ListQuery,
        response: { 200: TicketPage },
      },
      config: { access: EVERYBODY, scope: 'tickets:read' },
    },
    async (request) => {
      const { state, limit, after } = request.query;
      const user = userOfRequest(request);
      const states =
        state === 'open' ? TICKET_STATES.filter(isOpen) : state === undefined ? undefined : [state];
      return listTickets(
        store.db,
        {
          ...(states === undefined ? {} : { states }),
          ...(user.role === 'unit' ? { unitId: user.unitId ?? '' } : {}),
        },
        { limit, ...(after === undefined ? {} : { after: keyOf(after) }) },
        user,
      );
    },
  );

  server.get(
    '/api/tickets/:id',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'getTicket',
        summary: 'One ticket with its history',
        params: IdParams,
        response: { 200: TicketDetail },
      },
      config: { access: EVERYBODY, scope: 'tickets:read', refuses: [404] },
    },
    async (request) => {
      const { id } = request.params;
      const user = userOfRequest(request);
      return { ...(await one(id, user)), history: await ticketHistory(store.db, id) };
    },
  );

  server.post(
    '/api/tickets/:id/transitions',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'moveTicket',
        summary: 'Move the ticket on',
        params: IdParams,
        headers: IdempotencyHeaders,
        body: Command,
        response: { 200: Ticket },
      },
      config: { access: EVERYBODY, scope: 'tickets:write', refuses: [404, 409] },
    },
    (request) =>
      command(request, async (tx) => {
        const { id } = request.params;
        const user = userOfRequest(request);
        await commandTicket(tx, config, id, request.body, user, actorOf(request));
        return one(id, user, tx.db);
      }),
  );
}
