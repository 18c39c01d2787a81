/** Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), as JSON; XML has the same under the element names of the specification. */
import { Type } from 'typebox';
import { DamageClass } from '../damage-class.ts';
import { Timestamp } from '../ids.ts';
import { ListOf, Named, OneOf, OrNull } from './shapes.ts';

export const Open311Errors = ListOf(
  Named('Open311Error', { code: Type.Integer({ description: 'the status' }), description: Type.String() }),
);

export const Open311Discovery = Named('Open311Discovery', {
  changeset: Type.String(),
  contact: Type.String(),
  endpoints: ListOf(
    Type.Object({
      specification: Type.String(),
      url: Type.String(),
      changeset: Type.String(),
      type: OneOf(['production', 'test']),
      formats: ListOf(Type.String()),
    }),
  ),
});

export const Open311Services = ListOf(
  Named('Open311Service', {
    service_code: DamageClass,
    service_name: Type.String(),
    description: Type.String(),
    metadata: Type.Boolean(),
    type: OneOf(['realtime', 'batch', 'blackbox']),
    keywords: Type.String(),
    group: Type.String(),
  }),
);

export const Open311Definition = Named('Open311Definition', {
  service_code: Type.String(),
  attributes: ListOf(
    Type.Object({
      variable: Type.Boolean(),
      code: Type.String(),
      datatype: Type.String(),
      required: Type.Boolean(),
      datatype_description: Type.String(),
      order: Type.Integer(),
      description: Type.String(),
      values: ListOf(Type.Object({ key: Type.String(), name: Type.String() })),
    }),
  ),
});

export const Open311Requests = ListOf(
  Named('Open311Request', {
    service_request_id: Type.String(),
    status: OneOf(['open', 'closed']),
    status_notes: Type.String(),
    service_name: Type.String(),
    service_code: DamageClass,
    lat: Type.Optional(Type.Number()),
    long: Type.Optional(Type.Number()),
    description: Type.String(),
    address: Type.Optional(Type.String()),
    media_url: Type.Optional(Type.String()),
    requested_datetime: Timestamp,
    updated_datetime: Timestamp,
    expected_datetime: Type.Optional(Timestamp),
    agency_responsible: Type.Optional(Type.String()),
    extended_attributes: Type.Object({
      state: Type.String({ description: 'of the ticket; received or rejected of a report without one' }),
      damage_code: Type.String(),
      outcome: Type.Optional(Type.String()),
      ticket: Type.Optional(Type.String({ description: 'that a report has led to' })),
      event_code: Type.Optional(Type.String({ description: "the city's own code of the class" })),
    }),
  }),
);

export const Open311Tokens = ListOf(
  Named('Open311Token', { service_request_id: Type.String(), token: Type.String() }),
);

/** After a report. */
export const Open311Made = ListOf(
  Named('Open311Made', {
    service_request_id: Type.String(),
    token: Type.String(),
    service_notice: Type.String(),
    account_id: OrNull(Type.String()),
  }),
);
