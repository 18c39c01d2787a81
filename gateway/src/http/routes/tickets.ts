/** Tickets and the commands that move them. */
import { Type } from 'typebox';
import { Refusal } from '../../refusal.ts';
import { keyOf } from '../../store/page.ts';
import { TICKET_STATES } from '../../store/tables/tickets.ts';
import { COMMANDS, isOpen, OUTCOMES } from '../../tickets/machine.ts';
import { findTicket, listTickets, ticketHistory } from '../../tickets/view.ts';
import { commandTicket } from '../../workflow/commands.ts';
import { EVERYBODY } from '../access.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams, PageQuery, Reason } from '../schemas.ts';
import type { Server } from '../server.ts';

const ListQuery = Type.Object({
  state: Type.Optional(
    Type.Union([Type.Literal('open'), ...TICKET_STATES.map((state) => Type.Literal(state))]),
  ),
  ...PageQuery,
});
const Command = Type.Object(
  {
    command: Type.Union(COMMANDS.map((command) => Type.Literal(command))),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: 'refused when the ticket has changed since' }),
    ),
    reason: Type.Optional(Reason),
    outcome: Type.Optional(Type.Union(OUTCOMES.map((outcome) => Type.Literal(outcome)))),
    unitId: Type.Optional(Type.String({ maxLength: 63 })),
  },
  { additionalProperties: false },
);

export function ticketRoutes(server: Server, { config, store }: GatewayParts): void {
  server.get(
    '/api/tickets',
    {
      schema: { tags: ['tickets'], summary: 'Tickets, page by page', querystring: ListQuery },
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
      schema: { tags: ['tickets'], summary: 'One ticket with its history', params: IdParams },
      config: { access: EVERYBODY, scope: 'tickets:read' },
    },
    async (request) => {
      const { id } = request.params;
      const user = userOfRequest(request);
      const ticket = await findTicket(store.db, id, user);
      if (ticket === null) throw new Refusal('not_found', `there is no ticket ${id}`);
      return { ...ticket, history: await ticketHistory(store.db, id) };
    },
  );

  server.post(
    '/api/tickets/:id/transitions',
    {
      schema: { tags: ['tickets'], summary: 'Move the ticket on', params: IdParams, body: Command },
      config: { access: EVERYBODY, scope: 'tickets:write' },
    },
    async (request) => {
      const { id } = request.params;
      const user = userOfRequest(request);
      await commandTicket(store, config, id, request.body, user, actorOf(request));
      return findTicket(store.db, id, user);
    },
  );
}
