/** What a desk asks for and is given: the alert to judge now and one ahead, for as long as it says that it has them on screen. */
import { type Static, Type } from 'typebox';
import { DamageClass } from '../damage-class.ts';
import { Id, Timestamp } from '../ids.ts';
import { Alert } from './alert.ts';
import { Instant, ListOf, Named } from './shapes.ts';

/** Of a list in an answer to a person: more are never on one screen. */
const MOST_HELD = 20;

const desk = Type.String({
  pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'a UUID that the tab has made for itself and tells nobody else',
});
const holding = Type.Array(Id, {
  maxItems: MOST_HELD,
  uniqueItems: true,
  description: 'the alerts on its screen; what else it had is given back',
});
const LeaseUntil = Type.String({
  ...Timestamp,
  description: 'renew before then, or others are given what is here',
});

/** Which alerts a list or a desk is about; all of it may be left out. */
export const AlertFilters = {
  camera: Type.Optional(
    Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+$', description: 'SITE/AGENT/CAMERA' }),
  ),
  damageClass: Type.Optional(DamageClass),
  bbox: Type.Optional(
    Type.String({
      pattern: '^-?\\d{1,3}(\\.\\d{1,9})?(,-?\\d{1,3}(\\.\\d{1,9})?){3}$',
      description: 'west,south,east,north in degrees of WGS 84 (RFC 7946, 5)',
    }),
  ),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  text: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'in what a person reported, a note, a camera' }),
  ),
  number: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9-]{1,40}$',
      description: 'how that of its ticket or report begins or ends',
    }),
  ),
  unit: Type.Optional(Type.String({ maxLength: 63, description: 'that it goes to, or has gone to' })),
  area: Type.Optional(Type.String({ maxLength: 63, description: 'the unit in whose area it lies' })),
};

export const DeskLooks = Type.Object(
  {
    desk,
    holding,
    judged: Type.Optional(
      Type.Array(Id, {
        maxItems: MOST_HELD,
        uniqueItems: true,
        description:
          'whose verdicts are on their way: nobody else is given them, and others take their places',
      }),
    ),
    filter: Type.Optional(Type.Object(AlertFilters, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
export type DeskLooks = Static<typeof DeskLooks>;
export const DeskAsks = Type.Object({ desk, holding }, { additionalProperties: false });
export type DeskAsks = Static<typeof DeskAsks>;
export const DeskLeaves = Type.Object({ desk }, { additionalProperties: false });

export const DeskNext = Named('DeskNext', {
  items: ListOf(Alert, {
    description:
      'those of `holding` that it still has, in its order, and what is next, so that there are two: one to judge, one ahead',
  }),
  waiting: Type.Integer({
    minimum: 0,
    description: 'how many wait of what it looks for, also those that other desks have',
  }),
  leaseUntil: LeaseUntil,
});
export type DeskNext = Static<typeof DeskNext>;

export const DeskRenewal = Named('DeskRenewal', {
  holding: ListOf(Id, { description: 'which of those named it still has' }),
  leaseUntil: LeaseUntil,
});
export type DeskRenewal = Static<typeof DeskRenewal>;
