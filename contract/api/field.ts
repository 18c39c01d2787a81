/** What is out there: units, agents, cameras, and the messages that agents sent in vain. */
import { type Static, Type } from 'typebox';
import { BilingualText, DamageClass } from '../damage-class.ts';
import { Id, Sha256, Slug, Timestamp } from '../ids.ts';
import { LiveOffer } from '../live.ts';
import { AgentStatus, CAMERA_CONDITIONS, CameraState } from '../status.ts';
import { AllOf, ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { LIMITS } from './vocabulary.ts';

const Count = Type.Integer({ minimum: 0 });

export const Unit = Named('Unit', {
  id: Type.String(),
  name: BilingualText,
  default: Type.Boolean({ description: 'gets what no other unit is for' }),
  classes: OrNull(ListOf(DamageClass), { description: 'null: all' }),
  hasArea: Type.Boolean({ description: 'looks after a part of the city only' }),
});
export type Unit = Static<typeof Unit>;
export const UnitList = AllOf('UnitList', Unit);

export const Agent = Named('Agent', {
  site: Slug,
  agent: Slug,
  online: Type.Boolean(),
  lastSeenAt: OrNull(Timestamp, { description: 'when something last came from it' }),
  clockAheadSeconds: OrNull(Type.Integer(), {
    description: 'how far its clock is off; null while it is near enough',
  }),
  nameShared: Type.Boolean({ description: 'two boxes use it' }),
  registeredAt: Timestamp,
  revokedAt: OrNull(Timestamp),
  limited: OrNull(
    Type.Object({ limit: OneOf(LIMITS), reason: Type.String(), count: Count, lastAt: Timestamp }),
    { description: 'what it last sent too much of, within the hour' },
  ),
  status: OrNull(AgentStatus, { description: 'what it last said' }),
});
export type Agent = Static<typeof Agent>;
export const AgentList = AllOf('AgentList', Agent);

const { v, bootId, seq, reason, code, faults, since, at, lastFrameAt, lastFrameAgeMs, fps, drops, ...rest } =
  CameraState.properties;
const { width, height, position, headingDegrees, fieldOfViewDegrees, road, name } = rest;
const asSaid = { v, since, at, lastFrameAt, lastFrameAgeMs, fps, drops };
const said = Object.fromEntries(
  Object.entries(asSaid).map(([field, schema]) => [field, Type.Optional(schema)]),
) as { [Field in keyof typeof asSaid]: ReturnType<typeof Type.Optional<(typeof asSaid)[Field]>> };

/** With what the camera last said, which is left out before it has said anything. */
export const Camera = Named('Camera', {
  ...said,
  ...{ bootId, seq, reason, code, faults, width, height, position, headingDegrees, fieldOfViewDegrees, road },
  site: Slug,
  agent: Slug,
  camera: Slug,
  name,
  state: OneOf([...CAMERA_CONDITIONS, 'unknown'], 'unknown: its agent is offline'),
  lastState: OneOf(CAMERA_CONDITIONS),
  online: Type.Boolean(),
});
export type Camera = Static<typeof Camera>;
export const CameraList = AllOf('CameraList', Camera);

/** A message from the field that was not valid, kept aside; equal ones are counted. */
export const RefusedMessage = Named('RefusedMessage', {
  sha256: Sha256,
  topic: Type.String(),
  reason: Type.String(),
  bytes: Count,
  count: Count,
  limit: OrNull(OneOf(LIMITS), {
    description: 'that turned it away: then this counts all messages of an agent that it turned away',
  }),
  firstAt: Timestamp,
  lastAt: Timestamp,
});
export type RefusedMessage = Static<typeof RefusedMessage>;
export const RefusedMessageList = AllOf('RefusedMessageList', RefusedMessage);

export const LiveView = Named('LiveView', {
  session: Id,
  path: Type.String({ description: 'of the websocket to watch it by' }),
  format: LiveOffer.properties.format,
  codecs: LiveOffer.properties.codecs,
  masked: LiveOffer.properties.masked,
});
export type LiveView = Static<typeof LiveView>;
