/** Cameras as people look after them: how well each sees and judges, and what is set of it. */
import { type Static, Type } from 'typebox';
import { CAMERA_SETTINGS, MinBoxHeight, Thresholds } from '../camera-settings.ts';
import { BilingualText } from '../damage-class.ts';
import { NormalizedPolygon } from '../geometry.ts';
import { Id, Sha256, Slug, Timestamp } from '../ids.ts';
import { Camera } from './field.ts';
import { AllOf, ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { CAMERA_TONES, SETTINGS_DELIVERIES } from './vocabulary.ts';

const Count = Type.Integer({ minimum: 0 });
const Share = OrNull(Type.Number({ minimum: 0, maximum: 1 }));

const CameraFigures = Type.Object({
  uptimeDay: Type.Unsafe<number | null>({
    ...Share,
    description: 'share of the last 24 hours in which it saw; null: nothing is known',
  }),
  uptimeWeek: Type.Unsafe<number | null>({ ...Share, description: 'the same of the last 7 days' }),
  judged: Type.Integer({ minimum: 0, description: 'of its alerts of the last 30 days, judged by people' }),
  rejected: Count,
});
export type CameraFigures = Static<typeof CameraFigures>;

const CameraPicture = Type.Object({ sha256: Sha256, capturedAt: Timestamp });
export type CameraPicture = Static<typeof CameraPicture>;

export const TakenPicture = Type.Object({
  ...CameraPicture.properties,
  arrived: Type.Boolean({ description: 'false: its bytes are on their way, behind what is urgent' }),
});
export type TakenPicture = Static<typeof TakenPicture>;

const Delivery = Type.Object(
  {
    state: OneOf(SETTINGS_DELIVERIES, 'none: nothing was ever set here; waiting: the box has not said yet'),
    at: OrNull(Timestamp),
    code: OrNull(Type.String()),
    reason: OrNull(Type.String({ description: 'why the box refused' })),
  },
  { description: 'what has become of the newest settings' },
);
export type SettingsDelivery = Static<typeof Delivery>;

const thresholds = Type.Unsafe<Thresholds>({
  ...Thresholds,
  description: 'by class, the score from which new damage counts at this camera: its own, or its model’s',
});

export const CameraHealth = Named('CameraHealth', {
  site: Slug,
  agent: Slug,
  camera: Slug,
  name: BilingualText,
  state: Camera.properties.state,
  online: Type.Boolean(),
  reason: Camera.properties.reason,
  code: Camera.properties.code,
  faults: Camera.properties.faults,
  lastFrameAt: OrNull(Timestamp),
  fps: Type.Optional(Type.Number()),
  width: Camera.properties.width,
  height: Camera.properties.height,
  picture: OrNull(CameraPicture, { description: 'the newest that has come; its masks are painted in' }),
  figures: CameraFigures,
  thresholds,
  settings: OneOf(SETTINGS_DELIVERIES),
});
export type CameraHealth = Static<typeof CameraHealth>;

export const CameraHealthPage = Named('CameraHealthPage', {
  items: ListOf(CameraHealth),
  next: OrNull(Type.String()),
  counts: Type.Object(
    {
      all: Count,
      streaming: Count,
      ...(Object.fromEntries(CAMERA_TONES.map((tone) => [tone, Count])) as Record<
        (typeof CAMERA_TONES)[number],
        typeof Count
      >),
    },
    { description: 'of all cameras, whatever is asked for' },
  ),
});
export type CameraHealthPage = Static<typeof CameraHealthPage>;

/** More of them are not told: so many points show nobody the way. */
export const MAX_CAMERA_PLACES = 1000;
export const CameraPlaces = Named('CameraPlaces', {
  count: Type.Integer({
    minimum: 0,
    description: 'of those that have told a position, as far as is asked for',
  }),
  bounds: OrNull(
    Type.Unsafe<readonly [west: number, south: number, east: number, north: number]>(
      Type.Array(Type.Number()),
    ),
    { description: '[west, south, east, north] of all of these; null: there are none' },
  ),
  places: ListOf(Type.Unsafe<readonly [longitude: number, latitude: number]>(Type.Array(Type.Number())), {
    description: `[longitude, latitude] in WGS 84; none when there are more than ${MAX_CAMERA_PLACES}`,
  }),
});
export type CameraPlaces = Static<typeof CameraPlaces>;

export const CameraDetail = Named('CameraDetail', {
  ...Camera.properties,
  picture: OrNull(CameraPicture, { description: 'the newest that has come; its masks are painted in' }),
  masks: ListOf(NormalizedPolygon, { description: 'as the box has them' }),
  minBoxHeight: Type.Optional(MinBoxHeight),
  thresholds,
  modelThresholds: Type.Unsafe<Thresholds>({ ...Thresholds, description: 'none may be set below' }),
  figures: CameraFigures,
});
export type CameraDetail = Static<typeof CameraDetail>;

const IncidentPicture = OrNull(Type.Object({ sha256: Sha256, capturedAt: Timestamp }));

/** From when to when something was wrong with a camera. */
const Incident = Named('Incident', {
  id: Id,
  code: Type.String({ description: 'its state, or a code of the `faults` in it' }),
  detail: Type.String({ description: 'in the words of the box' }),
  beganAt: Timestamp,
  endedAt: OrNull(Timestamp),
  before: IncidentPicture,
  fault: IncidentPicture,
});
export type Incident = Static<typeof Incident>;
export const IncidentList = AllOf('IncidentList', Incident);

const version = Type.Integer({ minimum: 0, description: '0: nothing was ever set' });

export const CameraSettingsView = Named('CameraSettingsView', {
  version,
  id: OrNull(Id),
  at: OrNull(Timestamp),
  by: OrNull(Type.String({ description: 'as in the audit' })),
  document: Type.Object(CAMERA_SETTINGS),
  delivery: Delivery,
});
export type CameraSettingsView = Static<typeof CameraSettingsView>;

export const ChangeCameraSettings = Named(
  'ChangeCameraSettings',
  { version, document: Type.Object(CAMERA_SETTINGS, { additionalProperties: false }) },
  { additionalProperties: false },
);
export type ChangeCameraSettings = Static<typeof ChangeCameraSettings>;

const CameraSettingsVersion = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  at: Timestamp,
  by: Type.String(),
  undoOf: OrNull(Type.Integer()),
  changed: ListOf(OneOf(Object.keys(CAMERA_SETTINGS) as (keyof typeof CAMERA_SETTINGS)[])),
  delivery: Delivery,
});
export type CameraSettingsVersion = Static<typeof CameraSettingsVersion>;
export const CameraSettingsVersions = Named('CameraSettingsVersions', {
  items: ListOf(CameraSettingsVersion, { description: 'the latest first, 50 at most' }),
});
export type CameraSettingsVersions = Static<typeof CameraSettingsVersions>;
