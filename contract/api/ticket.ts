/** Tickets, with their clocks, orders, photographs and inspections, and what people are told of them. */
import { type Static, Type } from 'typebox';
import { BilingualText, DamageClass } from '../damage-class.ts';
import { MissingEvidence } from '../evidence.ts';
import { Id, Sha256, Timestamp } from '../ids.ts';
import { SCENE_RESULTS, StandingThing } from '../scene.ts';
import { AlertPicture, CitizenReport } from './alert.ts';
import { ProofRef } from './evidence.ts';
import { CameraName, MaybePosition } from './place.ts';
import { AllOf, ListOf, Named, OneOf, OrNull, ofCamera } from './shapes.ts';
import {
  CLOCK_KINDS,
  CLOCK_STATES,
  COUNTED_TIMES,
  EXTENSION_STATES,
  INSPECTION_RESULTS,
  INSPECTION_STATES,
  NOTICE_EVENTS,
  ORDER_KINDS,
  ORDER_STATES,
  SCENE_ANSWERS,
  TICKET_COMMANDS,
  TICKET_LANES,
  TICKET_STATES,
} from './vocabulary.ts';

const Count = Type.Integer({ minimum: 0 });

export const Clock = Named('Clock', {
  kind: OneOf(CLOCK_KINDS),
  counts: OneOf(COUNTED_TIMES, 'which time it counts'),
  state: OneOf(CLOCK_STATES),
  startedAt: Timestamp,
  deadlineAt: Timestamp,
  stoppedAt: OrNull(Timestamp),
  breachedAt: OrNull(Timestamp),
});
export type Clock = Static<typeof Clock>;

/** How the last order to the unit's own system fares. */
export const Delivery = Named('Delivery', {
  id: Id,
  kind: OneOf(ORDER_KINDS),
  state: OneOf(ORDER_STATES),
  attempts: Count,
  error: OrNull(Type.String()),
  nextAttemptAt: OrNull(Timestamp),
  overdueAt: OrNull(Timestamp, { description: 'since when the unit should have had it' }),
});
export type Delivery = Static<typeof Delivery>;

const TicketPhoto = Named('TicketPhoto', {
  step: Type.String(),
  sha256: Sha256,
  takenAt: Timestamp,
  position: OrNull(
    Type.Object({
      latitude: Type.Number(),
      longitude: Type.Number(),
      accuracyM: OrNull(Type.Number()),
    }),
    { description: "where the crew's device said that it was, if it did" },
  ),
});

/** The camera's look at the place after the repair. */
export const Inspection = Named('Inspection', {
  id: Id,
  state: OneOf(INSPECTION_STATES),
  result: OrNull(OneOf(INSPECTION_RESULTS), { description: 'of the last look' }),
  reason: OrNull(Type.String()),
  looked: OrNull(Count, { description: 'frames in which the place could be seen' }),
  seen: OrNull(Count, { description: 'frames that still showed damage there' }),
  score: OrNull(Type.Number({ minimum: 0, maximum: 1 })),
  attempts: Count,
  requestedAt: Timestamp,
  nextAt: OrNull(Timestamp),
  endedAt: OrNull(Timestamp),
  evidence: ListOf(ProofRef),
  missing: ListOf(MissingEvidence, { description: 'pictures of the last look that will not come, and why' }),
});
export type Inspection = Static<typeof Inspection>;

/** Somebody has looked at the scene by its camera. */
const SceneLook = Named('SceneLook', {
  at: Timestamp,
  by: Type.String(),
  answer: OneOf(SCENE_ANSWERS),
});

/** What the camera says for whoever looks at the scene: a hint, from which nothing follows. */
export const SceneHint = Named('SceneHint', {
  state: OneOf(INSPECTION_STATES),
  requestedAt: Timestamp,
  endedAt: OrNull(Timestamp),
  result: OrNull(OneOf(SCENE_RESULTS), {
    description: 'whether something new stands there; null: not yet known',
  }),
  code: OrNull(Type.String(), { description: 'why nobody can tell' }),
  reason: OrNull(Type.String(), { description: 'the same in the words of whoever said so' }),
  pictures: Count,
  comparesOpening: Type.Boolean({
    description: 'whether it is known what stood there when the damage was found',
  }),
  standing: ListOf(StandingThing, { description: 'what stands at the place' }),
  picture: OrNull(
    Type.Object({
      sha256: Sha256,
      capturedAt: Timestamp,
      available: Type.Boolean({ description: 'whether its bytes have come' }),
    }),
    { description: 'from which it was read' },
  ),
  missing: OrNull(Type.String(), { description: 'why no picture comes' }),
});
export type SceneHint = Static<typeof SceneHint>;

/** More time for the repair: asked for by its unit, or given of themselves by those who may. */
export const Extension = Named('Extension', {
  id: Id,
  state: OneOf(EXTENSION_STATES),
  clock: OneOf(CLOCK_KINDS, 'whose deadline it is'),
  until: Timestamp,
  reason: Type.String(),
  askedBy: Type.String(),
  askedAt: Timestamp,
  decidedBy: OrNull(Type.String()),
  decidedAt: OrNull(Timestamp),
});
export type Extension = Static<typeof Extension>;

const fields = {
  id: Id,
  number: Type.String({ description: 'such as RW-20261123-000123' }),
  state: OneOf(TICKET_STATES),
  lane: OrNull(OneOf(TICKET_LANES), { description: 'where it waits; null once it is over' }),
  deadlineAt: OrNull(Timestamp, { description: 'the deadline that comes next' }),
  alertId: Id,
  damageClass: DamageClass,
  ...ofCamera,
  cameraName: CameraName,
  position: MaybePosition,
  unit: Type.Object({ id: Type.String(), name: BilingualText }),
  note: OrNull(Type.String(), { description: 'what the unit is told beside it' }),
  createdAt: Timestamp,
  createdBy: Type.String(),
  dispatchedAt: OrNull(Timestamp),
  acceptedAt: OrNull(Timestamp),
  onSiteAt: OrNull(Timestamp),
  madeSafeAt: OrNull(Timestamp),
  repairedAt: OrNull(Timestamp),
  closedAt: OrNull(Timestamp),
  outcome: OrNull(Type.String()),
  reworkReason: OrNull(Type.String(), { description: 'why the last repair was refused' }),
  reviewAt: OrNull(Timestamp, { description: 'of a suspended one: when somebody looks at it again' }),
  recallUntil: OrNull(Timestamp, { description: 'until then it has not left, and can be taken back' }),
  delivery: OrNull(Delivery, { description: 'null when there is no order to a system of the unit' }),
  remote: OrNull(Type.Object({ number: OrNull(Type.String()), state: OrNull(Type.String()) }), {
    description: "as the unit's own Open311 system has it",
  }),
  clocks: ListOf(Clock),
  photos: ListOf(TicketPhoto, { description: 'what the crew has sent' }),
  inspections: ListOf(Inspection),
  sceneLooks: ListOf(SceneLook),
  sceneHint: OrNull(SceneHint, { description: 'the newest; null where there is none, and for a unit' }),
  extensions: ListOf(Extension),
  commands: ListOf(OneOf(TICKET_COMMANDS), { description: 'those that you can give now' }),
  version: Type.Integer({ minimum: 1 }),
};

export const Ticket = Named('Ticket', fields);
export type Ticket = Static<typeof Ticket>;
/** `total`: of all pages together; counted with the first, and when some are renewed. */
export const TicketPage = Named('TicketPage', {
  items: ListOf(Ticket),
  next: OrNull(Type.String()),
  total: OrNull(Count),
});
export type TicketPage = Static<typeof TicketPage>;

/** How many open tickets wait where. */
export const LaneTotal = Named('LaneTotal', { lane: OneOf(TICKET_LANES), total: Count, overdue: Count });
export type LaneTotal = Static<typeof LaneTotal>;
export const LaneTotals = AllOf('LaneTotals', LaneTotal);

/** What has happened to a ticket, as the audit has it. */
export const HistoryEntry = Named('HistoryEntry', {
  at: Timestamp,
  actor: Type.String({ description: 'user:NAME, unit:ID, token:NAME or system' }),
  channel: Type.String(),
  action: Type.String(),
  detail: OrNull(
    Type.Object(
      {
        reason: Type.Optional(OrNull(Type.String())),
        code: Type.Optional(OrNull(Type.String())),
        outcome: Type.Optional(OrNull(Type.String())),
        answer: Type.Optional(OrNull(Type.String())),
        unit: Type.Optional(OrNull(Type.String())),
        until: Type.Optional(OrNull(Timestamp)),
        error: Type.Optional(OrNull(Type.String())),
      },
      { additionalProperties: true },
    ),
    { description: 'what the entry says beside it' },
  ),
});
export type HistoryEntry = Static<typeof HistoryEntry>;

export const TicketDetail = Named('TicketDetail', {
  ...fields,
  pictures: ListOf(AlertPicture, { description: 'of the damage, the best of each source' }),
  report: OrNull(CitizenReport, { description: 'what a person has reported' }),
  history: ListOf(HistoryEntry),
});
export type TicketDetail = Static<typeof TicketDetail>;

const Kept = Type.Object({ inTime: Count, late: Count });
/** How the times were kept by tickets opened since then. */
export const TicketFigures = Named('TicketFigures', {
  since: Timestamp,
  open: Count,
  overdue: Count,
  response: Kept,
  repair: Kept,
  rework: Kept,
});
export type TicketFigures = Static<typeof TicketFigures>;

/** Somebody is told that so much of a clock's time is used up, or what has gone wrong. */
export const Notice = Named('Notice', {
  id: Id,
  ticketId: Id,
  number: Type.String(),
  damageClass: DamageClass,
  state: OneOf(TICKET_STATES),
  kind: OneOf([...CLOCK_KINDS, ...NOTICE_EVENTS]),
  clock: OrNull(OneOf(CLOCK_KINDS), { description: 'null when it is not about a clock' }),
  percent: Type.Integer({ minimum: 0, description: '0 when it is not about a clock' }),
  reason: OrNull(Type.String(), {
    description: 'of what has gone wrong, in the words of whatever said so',
  }),
  at: Timestamp,
  deadlineAt: OrNull(Timestamp),
});
export type Notice = Static<typeof Notice>;
export const NoticeList = AllOf('NoticeList', Notice);

/** An order to a unit's own system. */
const Order = Named('Order', {
  id: Id,
  ticketId: Id,
  unitId: Type.String(),
  kind: OneOf(ORDER_KINDS),
  state: OneOf(ORDER_STATES),
  attempts: Count,
  error: OrNull(Type.String()),
  createdAt: Timestamp,
});
export type Order = Static<typeof Order>;
export const OrderList = AllOf('OrderList', Order);

/** A link that works: with whom, since when. The link itself is shown only when it is made. */
const WorkingLink = Named('WorkingLink', {
  crew: OrNull(Type.String(), { description: 'as the unit calls those who have it' }),
  madeAt: Timestamp,
  madeBy: Type.String(),
});
export const WorkingLinks = AllOf('WorkingLinks', WorkingLink);
export type WorkingLinks = Static<typeof WorkingLinks>;

export const CrewLink = Named('CrewLink', {
  url: Type.String(),
  qr: Type.String({ description: 'SVG' }),
});
export type CrewLink = Static<typeof CrewLink>;
