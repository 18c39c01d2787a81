/** What is set of a box as a whole, and what it says to it. */
import { type Static, Type } from 'typebox';
import { BoxProblem, BoxSettings } from '../box-settings.ts';
import { BilingualText } from '../damage-class.ts';
import { Id, Slug, Timestamp } from '../ids.ts';
import { CameraState, ConfigurationReport } from '../status.ts';
import { Camera } from './field.ts';
import { Difference } from './settings.ts';
import { ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { BOX_DELIVERIES } from './vocabulary.ts';

const version = Type.Integer({ minimum: 0, description: '0: nothing was ever set' });

const Delivery = Type.Object(
  {
    state: OneOf(
      BOX_DELIVERIES,
      'none: nothing was ever set here; waiting: the box has not answered; trial: it runs with them, and goes back by itself unless it is seen to be there; applied: they count; refused: they do not, and the former ones do; superseded: others came before the box had them',
    ),
    at: OrNull(Timestamp),
    code: OrNull(Type.String()),
    reason: OrNull(Type.String({ description: 'why they do not count' })),
    problems: ListOf(BoxProblem),
  },
  { description: 'what has become of these settings' },
);
export type BoxDelivery = Static<typeof Delivery>;

const BoxCamera = Type.Object({
  camera: Slug,
  name: BilingualText,
  state: Camera.properties.state,
  own: CameraState.properties.own,
});

export const BoxSettingsView = Named('BoxSettingsView', {
  site: Slug,
  agent: Slug,
  online: Type.Boolean(),
  version,
  id: OrNull(Id),
  at: OrNull(Timestamp),
  by: OrNull(Type.String({ description: 'as in the audit' })),
  document: BoxSettings,
  delivery: Delivery,
  running: OrNull(version, {
    description:
      'the version with which the box says it runs; null: it has not said, or runs with another gateway’s',
  }),
  configuration: OrNull(ConfigurationReport, { description: 'as the box last said it' }),
  takesSettings: Type.Boolean({ description: 'whether the program of the box knows settings of a box' }),
  cameras: ListOf(BoxCamera, { description: 'that the box has now' }),
});
export type BoxSettingsView = Static<typeof BoxSettingsView>;

export const ChangeBoxSettings = Named(
  'ChangeBoxSettings',
  {
    version,
    document: Type.Unsafe<BoxSettings>(
      Type.Object(
        {},
        { description: 'BoxSettings, as in the answer; what does not fit is told field by field' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ChangeBoxSettings = Static<typeof ChangeBoxSettings>;

const BoxSettingsVersion = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  at: Timestamp,
  by: Type.String(),
  undoOf: OrNull(Type.Integer()),
  changes: ListOf(Difference),
  more: Type.Integer({ minimum: 0, description: 'further changes that are not listed' }),
  delivery: Delivery,
});
export type BoxSettingsVersion = Static<typeof BoxSettingsVersion>;
export const BoxSettingsVersions = Named('BoxSettingsVersions', {
  items: ListOf(BoxSettingsVersion, { description: 'the latest first, 50 at most' }),
});
export type BoxSettingsVersions = Static<typeof BoxSettingsVersions>;
