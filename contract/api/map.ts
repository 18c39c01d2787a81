/** The map: where cameras, alerts and tickets are, small enough to be sent for a city at once, and then by what has changed. */
import { type Static, Type } from 'typebox';
import { BilingualText, DamageClass } from '../damage-class.ts';
import { Datum } from '../geometry.ts';
import { Id, Timestamp } from '../ids.ts';
import { CAMERA_CONDITIONS, type CameraCondition } from '../status.ts';
import { ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { ALERT_STATES, CLOCK_KINDS, TICKET_STATES } from './vocabulary.ts';

const Degrees = Type.Number({ minimum: -180, maximum: 180 });

/** A tuple, since there may be 20,000 of them: names of fields would be a third of the answer. */
export type MapCamera = readonly [
  /** SITE/AGENT/CAMERA */
  key: string,
  name: string,
  longitude: number,
  latitude: number,
  state: CameraCondition,
  headingDegrees: number | null,
  fieldOfViewDegrees: number | null,
];
export const MapCamera = Type.Unsafe<MapCamera>(
  Type.Tuple(
    [
      Type.String(),
      Type.String(),
      Degrees,
      Degrees,
      OneOf(CAMERA_CONDITIONS),
      OrNull(Type.Number()),
      OrNull(Type.Number()),
    ],
    {
      description:
        '[SITE/AGENT/CAMERA, name, longitude, latitude, state, heading in degrees, field of view in degrees]',
    },
  ),
);

const place = { name: BilingualText, longitude: Degrees, latitude: Degrees };

export const MapAlert = Named('MapAlert', {
  id: Id,
  damageClass: DamageClass,
  ...place,
  state: OneOf(ALERT_STATES),
  at: Timestamp,
});
export type MapAlert = Static<typeof MapAlert>;

export const MapTicket = Named('MapTicket', {
  id: Id,
  number: Type.String(),
  damageClass: DamageClass,
  ...place,
  state: OneOf(TICKET_STATES),
  unitId: Type.String(),
  clock: OrNull(Type.Object({ kind: OneOf(CLOCK_KINDS), deadlineAt: Timestamp }), {
    description: 'the running clock that ends first',
  }),
});
export type MapTicket = Static<typeof MapTicket>;

export const MapMarkers = Named('MapMarkers', {
  seq: Type.Integer({ minimum: 0, description: 'give it as `since` to be told what has changed after this' }),
  whole: Type.Boolean({ description: 'false: only what has changed; the rest stands' }),
  datum: Datum,
  cameras: ListOf(MapCamera, {
    description: 'as they last said; of those of agents that are gone nothing is known now',
  }),
  offline: ListOf(Type.String(), { description: 'SITE/AGENT of every agent that is gone' }),
  alerts: ListOf(MapAlert, { description: 'those that wait for a verdict' }),
  tickets: ListOf(MapTicket, { description: 'those that are open' }),
  gone: ListOf(Type.String(), { description: 'ids of alerts and tickets that are no longer shown' }),
  more: Type.Boolean({ description: 'there are more alerts or tickets than are sent' }),
});
export type MapMarkers = Static<typeof MapMarkers>;

/** What lies below the markers. Its files are asked for by their names, and are in the datum of the markers. */
export const MapGround = Named('MapGround', {
  datum: Datum,
  base: OrNull(OneOf(['geojson', 'pmtiles'])),
  grid: Type.Boolean({ description: 'there are grid cells' }),
  areas: Type.Boolean({ description: 'some unit has an area' }),
  attribution: OrNull(Type.String()),
  bounds: OrNull(
    Type.Unsafe<readonly [west: number, south: number, east: number, north: number]>(
      Type.Tuple([Degrees, Degrees, Degrees, Degrees]),
    ),
    { description: '[west, south, east, north] of what the city gave; null: nothing' },
  ),
  version: Type.String({ description: 'changes with the files' }),
});
export type MapGround = Static<typeof MapGround>;
