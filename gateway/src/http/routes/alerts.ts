/** The operator's queue and verdicts. */
import { Id } from '@roadwatch/contract';
import {
  Alert,
  type AlertFacts,
  AlertFilters,
  AlertPage,
  type AlertState,
  AlertsNearby,
  Confirmation,
  DeskLeaves,
  Instant,
  OneOf,
  REJECT_REASONS,
  RejectionOutcomes,
  UndoOutcomes,
} from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { HELD } from '../../alerts/dedup/rejected-places.ts';
import { QUEUE } from '../../alerts/machine.ts';
import { mergeAlert, unmergeAlert } from '../../alerts/merge.ts';
import { mergeCandidates } from '../../alerts/read/candidates.ts';
import { findAlert, listAlerts } from '../../alerts/read/list.ts';
import { rejectMany } from '../../alerts/reject-many.ts';
import { rejectAlert, shelveAlert } from '../../alerts/verdicts.ts';
import { unitOfAlert } from '../../orders/units.ts';
import { claimAlert, releaseAlert } from '../../queue/claim.ts';
import { LIST_ORDERS, type ListOrder } from '../../queue/list-order.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import { confirmAlert, undoVerdict } from '../../workflow/confirm.ts';
import { undoMany } from '../../workflow/undo-many.ts';
import { CITY, DESK } from '../access.ts';
import { filterOf } from '../alert-filter.ts';
import { Nothing } from '../answers.ts';
import { COMPRESSED } from '../compression.ts';
import { actorOf } from '../guard.ts';
import { commands, IdempotencyHeaders } from '../idempotent.ts';
import { REVALIDATED } from '../revalidated.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams, PageQuery, Reason } from '../schemas.ts';
import type { Server } from '../server.ts';

const STATES: Readonly<Record<string, readonly AlertState[]>> = {
  new: QUEUE,
  confirmed: ['confirmed'],
  rejected: ['rejected'],
  shelved: ['shelved'],
  merged: ['merged'],
  judged: ['confirmed', 'rejected', 'shelved', 'merged'],
};

const ListQuery = Type.Object({
  state: Type.Optional(OneOf(Object.keys(STATES))),
  ...AlertFilters,
  held: Type.Optional(
    Type.Boolean({ description: 'true: only those held back because the like was rejected at their place' }),
  ),
  ids: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f-]{36}(,[0-9a-f-]{36}){0,49}$',
      description:
        'only those of these alerts that are in the list, to renew them; `total` is of the whole list',
    }),
  ),
  judgedBy: Type.Optional(
    Type.String({ maxLength: 200, description: 'who gave the verdict, as `verdictBy` has it' }),
  ),
  judgedFrom: Type.Optional(Instant),
  judgedTo: Type.Optional(Instant),
  order: Type.Unsafe<ListOrder>({
    ...OneOf(
      Object.keys(LIST_ORDERS),
      'judged: only what has a verdict, the latest first; queue: as they are to be judged, by risk, time left and age',
    ),
    default: 'newest',
  }),
  ...PageQuery,
});
const Note = Type.String({ maxLength: 2000 });
const closed = { additionalProperties: false } as const;
const Claim = Type.Object({ desk: Type.Optional(DeskLeaves.properties.desk) }, closed);
const Confirm = Type.Object(
  { unitId: Type.Optional(Type.String({ maxLength: 63 })), note: Type.Optional(Note) },
  closed,
);
const Reject = Type.Object({ reason: OneOf(REJECT_REASONS), note: Type.Optional(Note) }, closed);
/** As many as are on one screen. */
const MOST_REJECTED = 50;
const RejectMany = Type.Object(
  {
    alerts: Type.Array(Type.Object({ id: Id, version: Type.Integer({ minimum: 1 }) }, closed), {
      minItems: 1,
      maxItems: MOST_REJECTED,
      description: 'as they were on the screen',
    }),
    ...Reject.properties,
  },
  closed,
);
const UndoMany = Type.Object(
  { ids: Type.Array(Id, { minItems: 1, maxItems: MOST_REJECTED, uniqueItems: true }) },
  closed,
);
const Merge = Type.Object({ into: Id }, closed);
const Shelve = Type.Object({ until: Instant, reason: Reason }, closed);

export function alertRoutes(server: Server, parts: GatewayParts): void {
  const { store } = parts;
  const judge = (operationId: string, summary: string) => ({
    tags: ['alerts'],
    operationId,
    summary,
    params: IdParams,
    headers: IdempotencyHeaders,
    response: { 200: Alert },
  });
  const command = commands(store);
  const config = { access: DESK, refuses: [404, 409] };
  /** Where it goes when nobody says otherwise. */
  const withUnit = (alert: AlertFacts) => ({
    ...alert,
    unitId: unitOfAlert(parts.config, alert),
  });

  server.get(
    '/api/alerts',
    {
      ...COMPRESSED,
      ...REVALIDATED,
      schema: {
        tags: ['alerts'],
        operationId: 'listAlerts',
        summary: 'Alerts, page by page',
        querystring: ListQuery,
        response: { 200: AlertPage, 304: Nothing },
      },
      config: { access: CITY, scope: 'alerts:read' },
    },
    async ({ query }) => {
      const { state, held, ids, judgedBy, judgedFrom, judgedTo, order, limit, after } = query;
      const filter = {
        ...filterOf(query),
        ...(state === undefined ? {} : { states: STATES[state] as readonly AlertState[] }),
        ...(held === true ? HELD : {}),
        ...(ids === undefined ? {} : { ids: ids.split(',') }),
        ...(judgedBy === undefined ? {} : { judgedBy }),
        ...(judgedFrom === undefined ? {} : { judgedFrom: Date.parse(judgedFrom) }),
        ...(judgedTo === undefined ? {} : { judgedTo: Date.parse(judgedTo) }),
      };
      const page = await listAlerts(store.db, parts.config, filter, {
        order,
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return { ...page, items: page.items.map(withUnit) };
    },
  );

  const one = async (id: string, db: Store['db'] = store.db) => {
    const alert = await findAlert(db, id);
    if (alert === null) throw new Refusal('alert_unknown', `there is no alert ${id}`);
    return withUnit(alert);
  };
  server.get(
    '/api/alerts/:id',
    {
      schema: {
        tags: ['alerts'],
        operationId: 'getAlert',
        summary: 'One alert',
        params: IdParams,
        response: { 200: Alert },
      },
      config: { access: CITY, scope: 'alerts:read', refuses: [404] },
    },
    async ({ params }) => one(params.id),
  );

  server.get(
    '/api/alerts/:id/nearby',
    {
      ...COMPRESSED,
      schema: {
        tags: ['alerts'],
        operationId: 'listAlertsNearby',
        summary: 'Open alerts that could be the same thing',
        params: IdParams,
        response: { 200: AlertsNearby },
      },
      config: { access: CITY, scope: 'alerts:read', refuses: [404] },
    },
    async ({ params }) => {
      const items = await mergeCandidates(store.db, params.id);
      if (items === null) throw new Refusal('alert_unknown', `there is no alert ${params.id}`);
      return { items };
    },
  );

  server.post(
    '/api/alerts/:id/claim',
    { schema: { ...judge('claimAlert', 'Have it before you for a while'), body: Claim }, config },
    (request) =>
      command(request, async (tx) => {
        const desk = { id: request.body.desk ?? '', session: request.session?.id ?? null };
        await claimAlert(tx, parts.config, request.params.id, actorOf(request), desk);
        return one(request.params.id, tx.db);
      }),
  );
  server.post(
    '/api/alerts/:id/release',
    { schema: judge('releaseAlert', 'Give it back'), config },
    (request) =>
      command(request, async (tx) => {
        await releaseAlert(tx, request.params.id, actorOf(request));
        return one(request.params.id, tx.db);
      }),
  );
  server.post(
    '/api/alerts/:id/confirm',
    {
      schema: {
        ...judge('confirmAlert', 'It is damage: open a ticket and dispatch it'),
        body: Confirm,
        response: { 200: Confirmation },
      },
      config,
    },
    (request) =>
      command(request, async (tx) => {
        const { id } = request.params;
        const ticket = await confirmAlert(tx, parts.config, id, request.body, actorOf(request));
        return {
          ticketId: ticket.id,
          number: ticket.number,
          recallUntil: new Date(ticket.recallUntil).toISOString(),
        };
      }),
  );
  server.post(
    '/api/alerts/:id/reject',
    { schema: { ...judge('rejectAlert', 'It is not'), body: Reject }, config },
    (request) =>
      command(request, async (tx) => {
        await rejectAlert(tx, request.params.id, request.body, actorOf(request));
        return one(request.params.id, tx.db);
      }),
  );
  server.post(
    '/api/alerts/:id/shelve',
    { schema: { ...judge('shelveAlert', 'Out of the queue until later'), body: Shelve }, config },
    (request) =>
      command(request, async (tx) => {
        const { until, reason } = request.body;
        await shelveAlert(tx, request.params.id, { until: Date.parse(until), reason }, actorOf(request));
        return one(request.params.id, tx.db);
      }),
  );
  server.post(
    '/api/alerts/:id/merge',
    { schema: { ...judge('mergeAlert', 'It is the same thing as another alert'), body: Merge }, config },
    (request) =>
      command(request, async (tx) => {
        await mergeAlert(tx, request.params.id, request.body.into, actorOf(request));
        return one(request.params.id, tx.db);
      }),
  );
  server.post(
    '/api/alerts/:id/unmerge',
    { schema: judge('unmergeAlert', 'It is not the same after all'), config },
    (request) =>
      command(request, async (tx) => {
        await unmergeAlert(tx, request.params.id, actorOf(request));
        return one(request.params.id, tx.db);
      }),
  );
  server.post(
    '/api/alerts/reject',
    {
      schema: {
        tags: ['alerts'],
        operationId: 'rejectAlerts',
        summary: 'None of these is damage',
        headers: IdempotencyHeaders,
        body: RejectMany,
        response: { 200: RejectionOutcomes },
      },
      config: { access: DESK, refuses: [409] },
    },
    (request) =>
      command(request, async (tx) => {
        const { alerts, ...verdict } = request.body;
        return { items: await rejectMany(tx, alerts, verdict, actorOf(request)) };
      }),
  );
  server.post(
    '/api/alerts/undo',
    {
      schema: {
        tags: ['alerts'],
        operationId: 'undoVerdicts',
        summary: 'Take these verdicts back',
        headers: IdempotencyHeaders,
        body: UndoMany,
        response: { 200: UndoOutcomes },
      },
      config: { access: DESK, refuses: [409] },
    },
    (request) =>
      command(request, async (tx) => ({
        items: await undoMany(tx, parts.config, request.body.ids, actorOf(request)),
      })),
  );
  server.post(
    '/api/alerts/:id/undo',
    { schema: judge('undoVerdict', 'Take the verdict back'), config },
    (request) =>
      command(request, async (tx) => {
        await undoVerdict(tx, parts.config, request.params.id, actorOf(request));
        return one(request.params.id, tx.db);
      }),
  );
}
