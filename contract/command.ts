/** What a gateway may ask of an agent, and what the agent answers. An agent drops a command after `expiresAt`. */
import { type Static, Type } from 'typebox';
import { BoxProblem, type BoxSettings, MAX_PROBLEMS } from './box-settings.ts';
import { CAMERA_SETTINGS } from './camera-settings.ts';
import { DamageClass } from './damage-class.ts';
import { EvidenceName, EvidenceRef, MissingEvidence } from './evidence.ts';
import { NormalizedBox, NormalizedPolygon } from './geometry.ts';
import { Id, MAX_COUNT, MachineCode, Sha256, Slug, Timestamp } from './ids.ts';
import { LiveOffer } from './live.ts';
import { MAX_RELEASE_TEXT, ReleaseSignature } from './release.ts';
import { SCENE_LOOK, SceneReport } from './scene.ts';
import { UpdateTerms } from './update.ts';
import { ROLLOUT_MODES, type RolloutMode } from './update-states.ts';
import { Version } from './version.ts';

const toBox = { v: Version, id: Id, issuedAt: Timestamp, expiresAt: Timestamp };
const envelope = { ...toBox, camera: Slug };

const InspectCommand = Type.Object({
  ...envelope,
  kind: Type.Literal('inspect', { description: 'look now whether the damage is still there' }),
  detection: Id,
  damageClass: DamageClass,
  box: NormalizedBox,
});
const SceneLookCommand = Type.Object({
  ...envelope,
  kind: Type.Literal(SCENE_LOOK, {
    description:
      'look now whether something new stands at the place of the damage; only for agents that say so in `commands` of their status',
  }),
  detection: Id,
  box: NormalizedBox,
});
const SnapshotCommand = Type.Object({
  ...envelope,
  kind: Type.Literal('snapshot', { description: 'publish a full-resolution still now' }),
});
const EvidenceSendCommand = Type.Object({
  ...envelope,
  kind: Type.Literal('evidence.send', {
    description:
      'send this file of a detection now, before what waits: one that the box keeps until it is asked for, or that waits for a better line. It comes under the topic of its detection; refused while the budget of the day has nothing left for it',
  }),
  detection: Id,
  name: EvidenceName,
  sha256: Sha256,
});
const LiveStartCommand = Type.Object({
  ...envelope,
  kind: Type.Literal('live.start', { description: 'connect outwards and push what the camera shows' }),
  session: Id,
  url: Type.String({ pattern: '^wss?://', maxLength: 500 }),
  token: Type.String({ minLength: 16, maxLength: 200 }),
  maxSeconds: Type.Integer({ minimum: 1, maximum: 3600 }),
  plays: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z0-9]{1,16}$' }), {
      maxItems: 8,
      description:
        'codecs that may be passed on as the camera sends them, of h264, h265 and what later versions know; anything else is shown as MPEG-1 in MPEG-TS',
    }),
  ),
});
const LiveStopCommand = Type.Object({
  ...envelope,
  kind: Type.Literal('live.stop'),
  session: Id,
});
const ConfigCommand = Type.Object({
  ...envelope,
  kind: Type.Literal('config', {
    description:
      'set the camera: `settings` all of it at once, or `masks` alone, which adds those given to those there; one that leaves out a mask, or gives a road by itself, is refused',
  }),
  road: Type.Optional(NormalizedPolygon),
  masks: Type.Optional(Type.Array(NormalizedPolygon, { maxItems: 32 })),
  settings: Type.Optional(
    Type.Object(
      { id: Id, ...CAMERA_SETTINGS },
      {
        description:
          'taken as a whole, or refused as a whole with every reason; lasts until others come. An agent that has taken them says their id in its reply and in every CameraState',
      },
    ),
  ),
});

const UpdateOffer = Type.Object({
  ...toBox,
  kind: Type.Literal('update.offer', {
    description:
      'fetch this release, and go over to it or look along with it; said again until the status shows it',
  }),
  rollout: Id,
  mode: Type.Unsafe<RolloutMode>(Type.Union(ROLLOUT_MODES.map((mode) => Type.Literal(mode)))),
  release: Type.String({
    minLength: 2,
    maxLength: MAX_RELEASE_TEXT,
    description: 'the text of release.json, as it was signed',
  }),
  signature: Type.Optional(ReleaseSignature),
  terms: UpdateTerms,
});
const UpdateCancel = Type.Object({
  ...toBox,
  kind: Type.Literal('update.cancel', {
    description: 'let go of it; a box that is trying the release goes back to what it had',
  }),
  rollout: Id,
});

/** So long a box waits as a rule before it goes back. */
export const CONFIRM_SECONDS = 60;

const BoxConfigure = Type.Object({
  ...toBox,
  kind: Type.Literal('box.configure', {
    description:
      'lay these over the file of the box, in place of what was laid over it before: all of it, at once and on trial, or nothing with every reason',
  }),
  settings: Type.Object({
    id: Id,
    values: Type.Unsafe<BoxSettings>(
      Type.Object({}, { description: 'BoxSettings; the box checks them, so that it can say every problem' }),
    ),
    confirmSeconds: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 3600,
        description: `without a box.confirm within so long (${CONFIRM_SECONDS} where nothing is said), or after a restart, the box goes back to what it had`,
      }),
    ),
  }),
});
const BoxConfirm = Type.Object({
  ...toBox,
  kind: Type.Literal('box.confirm', {
    description: 'the status with these settings has come: the trial is over and they count',
  }),
  settings: Id,
});

export const Command = Type.Union(
  [
    InspectCommand,
    SceneLookCommand,
    SnapshotCommand,
    EvidenceSendCommand,
    LiveStartCommand,
    LiveStopCommand,
    ConfigCommand,
    UpdateOffer,
    UpdateCancel,
    BoxConfigure,
    BoxConfirm,
  ],
  { title: 'Command' },
);
export type Command = Static<typeof Command>;
export type UpdateOffer = Static<typeof UpdateOffer>;
export type UpdateCommand = UpdateOffer | Static<typeof UpdateCancel>;
/** About one of its cameras; the others are about the box as a whole. */
export type CameraCommand = Extract<Command, { camera: string }>;
export type BoxCommand = Static<typeof BoxConfigure> | Static<typeof BoxConfirm>;

export const Reply = Type.Object(
  {
    v: Version,
    id: Type.String({ ...Id, description: 'the id of the command' }),
    at: Timestamp,
    outcome: Type.Union([Type.Literal('done'), Type.Literal('failed'), Type.Literal('expired')]),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
    code: Type.Optional(MachineCode),
    inspection: Type.Optional(
      Type.Object({
        result: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('inconclusive')]),
        looked: Type.Integer({
          minimum: 0,
          maximum: MAX_COUNT,
          description: 'frames in which the place could be seen',
        }),
        seen: Type.Integer({
          minimum: 0,
          maximum: MAX_COUNT,
          description: 'frames that still showed damage there',
        }),
        score: Type.Number({ minimum: 0, maximum: 1, description: 'highest score at the place' }),
      }),
    ),
    scene: Type.Optional(SceneReport),
    evidence: Type.Optional(Type.Array(EvidenceRef, { maxItems: 8 })),
    missing: Type.Optional(
      Type.Array(MissingEvidence, {
        maxItems: 8,
        description: 'pictures that an inspection or a look at a scene was to bring and that will not come',
      }),
    ),
    live: Type.Optional(LiveOffer),
    settings: Type.Optional(
      Type.String({ ...Id, description: 'the settings of the camera, or of the box, that count now' }),
    ),
    problems: Type.Optional(
      Type.Array(BoxProblem, {
        maxItems: MAX_PROBLEMS,
        description: 'every reason why settings of the box are refused',
      }),
    ),
  },
  { title: 'Reply', description: 'Evidence of a reply is published under the id of the command' },
);
export type Reply = Static<typeof Reply>;
