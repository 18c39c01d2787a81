/** Tickets and the commands that move them. */
import { DamageClass } from '@roadwatch/contract';
import {
  Instant,
  LaneTotals,
  OneOf,
  TICKET_COMMANDS,
  TICKET_LANES,
  TICKET_ORDERS,
  TICKET_OUTCOMES,
  TICKET_STATES,
  Ticket,
  TicketDetail,
  TicketFigures,
  TicketPage,
  type TicketState,
} from '@roadwatch/contract/api';
import { type Static, Type } from 'typebox';
import { findAlert } from '../../alerts/read/list.ts';
import { boxAround } from '../../geo/area.ts';
import type { User } from '../../identity/users.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import { keyOf } from '../../store/page.ts';
import { ticketFigures } from '../../tickets/figures.ts';
import { laneTotals } from '../../tickets/lane-totals.ts';
import { listTickets, type TicketQuery } from '../../tickets/list.ts';
import { isOpen } from '../../tickets/machine.ts';
import { findTicket, ticketHistory } from '../../tickets/view.ts';
import { commandTicket } from '../../workflow/commands.ts';
import { EVERYBODY } from '../access.ts';
import { Nothing } from '../answers.ts';
import { COMPRESSED } from '../compression.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import { commands, IdempotencyHeaders } from '../idempotent.ts';
import { REVALIDATED } from '../revalidated.ts';
import type { GatewayParts } from '../route-context.ts';
import { CameraPath, IdParams, PageQuery, Reason } from '../schemas.ts';
import type { Server } from '../server.ts';

const Filters = {
  state: Type.Optional(OneOf(['open', 'ended', ...TICKET_STATES])),
  unit: Type.Optional(Type.String({ maxLength: 63 })),
  damageClass: Type.Optional(DamageClass),
  camera: Type.Optional(CameraPath),
  area: Type.Optional(
    Type.String({ maxLength: 63, description: 'a unit: only what lies where it is responsible' }),
  ),
  overdue: Type.Optional(Type.Boolean({ description: 'true: only those whose deadline has passed' })),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'in the number, the note, the name of the camera, or what a person reported',
    }),
  ),
};
const ListQuery = Type.Object({
  ...Filters,
  lane: Type.Optional(OneOf(TICKET_LANES)),
  order: Type.Union(
    TICKET_ORDERS.map((order) => Type.Literal(order)),
    { default: 'newest', description: '`deadline`: what runs out next first' },
  ),
  ids: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f-]{36}(,[0-9a-f-]{36}){0,49}$',
      description: 'only those of these tickets that are in the list, to renew them',
    }),
  ),
  ...PageQuery,
});
const LaneQuery = Type.Object(Filters);
const Command = Type.Object(
  {
    command: OneOf(TICKET_COMMANDS),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: 'refused when the ticket has changed since' }),
    ),
    reason: Type.Optional(Reason),
    outcome: Type.Optional(OneOf(TICKET_OUTCOMES)),
    unitId: Type.Optional(Type.String({ maxLength: 63 })),
    reviewAt: Type.Optional(
      Type.Unsafe<string>({ ...Instant, description: 'of a suspension: when somebody looks at it again' }),
    ),
    until: Type.Optional(Type.Unsafe<string>({ ...Instant, description: 'of more time: its end' })),
  },
  { additionalProperties: false },
);

type Asked = Static<typeof LaneQuery>;

/** `ended`: closed or cancelled. */
const statesOf = (state: 'ended' | TicketState): readonly TicketState[] =>
  state === 'ended' ? TICKET_STATES.filter((each) => !isOpen(each)) : [state];

export function ticketRoutes(server: Server, { config, store }: GatewayParts): void {
  const command = commands(store);
  const one = async (id: string, user: User, db: Store['db'] = store.db) => {
    const ticket = await findTicket(db, id, user);
    if (ticket === null) throw new Refusal('ticket_unknown', `there is no ticket ${id}`);
    return ticket;
  };

  /** A unit sees its own only, whatever it asks for. */
  const filterOf = (
    { state, unit, damageClass, camera, area, overdue, from, to, q }: Asked,
    user: User,
  ): Pick<TicketQuery, 'filter' | 'area'> => {
    const unitId = user.role === 'unit' ? (user.unitId ?? '') : unit;
    const within = area === undefined ? undefined : config.areas.get(area);
    if (area !== undefined && within === undefined)
      throw new Refusal('area_unknown', `area: no unit ${JSON.stringify(area)} has an area of its own`);
    const box = within === undefined ? undefined : boxAround(within);
    return {
      filter: {
        ...(state === 'open' ? { open: true } : state === undefined ? {} : { states: statesOf(state) }),
        ...(unitId === undefined ? {} : { unitId }),
        ...(damageClass === undefined ? {} : { damageClass }),
        ...(camera === undefined ? {} : { camera }),
        ...(overdue === true ? { overdueAt: store.now() } : {}),
        ...(from === undefined ? {} : { from: Date.parse(from) }),
        ...(to === undefined ? {} : { to: Date.parse(to) }),
        ...(q === undefined ? {} : { text: q }),
        ...(box === undefined ? {} : { box }),
      },
      ...(within === undefined ? {} : { area: within }),
    };
  };

  server.get(
    '/api/tickets',
    {
      ...COMPRESSED,
      ...REVALIDATED,
      schema: {
        tags: ['tickets'],
        operationId: 'listTickets',
        summary: 'Tickets, page by page',
        querystring: ListQuery,
        response: { 200: TicketPage, 304: Nothing },
      },
      config: { access: EVERYBODY, scope: 'tickets:read' },
    },
    async (request) => {
      const { query } = request;
      const { limit, after, lane, ids, order } = query;
      const user = userOfRequest(request);
      const found = filterOf(query, user);
      return listTickets(
        store.db,
        {
          ...found,
          filter: {
            ...found.filter,
            ...(lane === undefined ? {} : { lane }),
            ...(ids === undefined ? {} : { ids: ids.split(',') }),
          },
          order,
        },
        { limit, ...(after === undefined ? {} : { after: keyOf(after) }) },
        user,
      );
    },
  );

  server.get(
    '/api/tickets/lanes',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'countTickets',
        summary: 'How many open tickets wait where',
        querystring: LaneQuery,
        response: { 200: LaneTotals },
      },
      config: { access: EVERYBODY, scope: 'tickets:read' },
    },
    async (request) => {
      const found = filterOf(request.query, userOfRequest(request));
      return { items: await laneTotals(store.db, found, store.now()) };
    },
  );

  server.get(
    '/api/tickets/figures',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'ticketFigures',
        summary: 'How the times are kept, by your unit or by all',
        response: { 200: TicketFigures },
      },
      config: { access: EVERYBODY, scope: 'tickets:read' },
    },
    async (request) => {
      const { role, unitId } = userOfRequest(request);
      return ticketFigures(store.db, role === 'unit' ? (unitId ?? '') : null, store.now());
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
      const ticket = await one(id, user);
      const [alert, history] = await Promise.all([
        findAlert(store.db, ticket.alertId),
        ticketHistory(store.db, id),
      ]);
      return { ...ticket, pictures: alert?.pictures ?? [], report: alert?.report ?? null, history };
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
        const { reviewAt, until, ...input } = request.body;
        const times = {
          ...(reviewAt === undefined ? {} : { reviewAt: Date.parse(reviewAt) }),
          ...(until === undefined ? {} : { until: Date.parse(until) }),
        };
        await commandTicket(tx, config, id, { ...input, ...times }, user, actorOf(request));
        return one(id, user, tx.db);
      }),
  );
}
