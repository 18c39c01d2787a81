/** What an agent says of itself and of each camera: retained, so that a gateway that starts later knows at once. */
import { type Static, Type } from 'typebox';
import { BOX_WIDE, BoxProblem, LoginName, MAX_PROBLEMS } from './box-settings.ts';
import { MinBoxHeight, Thresholds } from './camera-settings.ts';
import { CAMERA_CARES } from './codes/cameras.ts';
import { AGENT_TROUBLES } from './codes/troubles.ts';
import { BilingualText } from './damage-class.ts';
import { ModelRef } from './detection.ts';
import { NormalizedPolygon, Position } from './geometry.ts';
import { Id, MAX_COUNT, MachineCode, Slug, Timestamp } from './ids.ts';
import { UpdateReport } from './update.ts';
import { Version } from './version.ts';

/**
 * Of two messages of one start of the agent (`bootId`) the one with the higher number is the newer, whatever their times say. The
 * last will has none: it is written before whatever it ends, and counts by its arrival, as all do of an agent that does not count.
 */
const Sequence = Type.Integer({
  minimum: 0,
  maximum: MAX_COUNT,
  description: 'rises with each status and camera state that the agent publishes since it started',
});

/** What keeps a box from doing all that it should. A gateway shows one that it does not know by its `detail`. */
const AgentTrouble = Type.Object({
  code: Type.String({
    pattern: '^[a-z][a-z0-9_]{0,47}$',
    description: `${Object.keys(AGENT_TROUBLES).join(', ')}, or one that a later version knows`,
  }),
  detail: Type.String({ maxLength: 500, description: 'which folder, and what of it, without secrets' }),
  since: Timestamp,
});
export type AgentTrouble = Static<typeof AgentTrouble>;

type Wide = { -readonly [Section in keyof typeof BOX_WIDE]: Static<(typeof BOX_WIDE)[Section]> };
/** As loose as may be: a box that is newer, or older, than whoever reads this has other keys. */
const SAID_OF_BOX = Object.fromEntries(
  Object.entries(BOX_WIDE).map(([section, { properties }]) => {
    const keys = Object.keys(properties).map((key) => [key, Type.Optional(Type.Unknown())] as const);
    return [section, Type.Optional(Type.Object(Object.fromEntries(keys)))];
  }),
) as unknown as {
  readonly [Section in keyof Wide]: ReturnType<
    typeof Type.Optional<ReturnType<typeof Type.Unsafe<Wide[Section]>>>
  >;
};

/** Which settings a box runs with, and what keeps it from those that its file has now. */
export const ConfigurationReport = Type.Object({
  version: Type.String({
    pattern: '^[0-9a-f]{16}$',
    description: 'of what is applied, secrets left out: the same for the same settings',
  }),
  appliedAt: Timestamp,
  refused: Type.Array(Type.String({ maxLength: 500 }), {
    maxItems: 50,
    description: 'every reason why what the file says now is not applied; empty: it is',
  }),
  settings: Type.Optional(
    Type.Union([Id, Type.Null()], {
      description:
        'what a gateway has laid over the file and counts, a trial included; null: nothing. Left out: the agent knows nothing of it',
    }),
  ),
  trial: Type.Optional(
    Type.Object(
      { id: Id, until: Timestamp },
      { description: 'on trial: without a box.confirm by then, the box goes back to what it had' },
    ),
  ),
  refusedSettings: Type.Optional(
    Type.Object(
      { id: Id, code: MachineCode, problems: Type.Array(BoxProblem, { maxItems: MAX_PROBLEMS }) },
      {
        description:
          'the last that did not come to count, or does in part only, and every reason; gone with the next that counts',
      },
    ),
  ),
  own: Type.Optional(
    Type.Object(
      {
        ...SAID_OF_BOX,
        takeSettings: Type.Boolean(),
        logins: Type.Array(LoginName, { maxItems: 64, description: 'names alone' }),
      },
      { description: 'as the file of the box has it' },
    ),
  ),
});
export type ConfigurationReport = Static<typeof ConfigurationReport>;

const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

/** How the box itself is. What a machine does not tell is left out. */
const MachineState = Type.Object({
  temperatureCelsius: Type.Optional(
    Type.Number({ minimum: 0, maximum: 200, description: 'of the hottest part that tells' }),
  ),
  throttled: Type.Optional(
    Type.Boolean({
      description: 'the processor has run well below its highest clock for a minute, though it was busy',
    }),
  ),
  clockShare: Type.Optional(Share('of its highest clock')),
  busyShare: Type.Optional(Share('of the time of all processors, over the last seconds')),
  load: Type.Number({ minimum: 0, maximum: 1e6, description: 'of the last minute, as the system counts it' }),
  processors: Type.Integer({ minimum: 1, maximum: 65_536 }),
  memory: Type.Object({ freeBytes: Bytes, totalBytes: Bytes }),
  disks: Type.Array(
    Type.Object({
      what: Type.String({ pattern: '^[a-z]{1,16}$', description: 'data or ring: what is kept there' }),
      freeBytes: Bytes,
      totalBytes: Bytes,
    }),
    { maxItems: 4 },
  ),
});
export type MachineState = Static<typeof MachineState>;

export const AgentStatus = Type.Object(
  {
    v: Version,
    site: Slug,
    agent: Slug,
    state: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
    bootId: Id,
    seq: Type.Optional(Sequence),
    at: Timestamp,
    startedAt: Timestamp,
    version: Type.String({ minLength: 1, maxLength: 64 }),
    model: ModelRef,
    thresholds: Type.Optional(Thresholds),
    cameras: Type.Integer({ minimum: 0 }),
    outboxDepth: Type.Integer({ minimum: 0, description: 'messages not yet acknowledged by the gateway' }),
    uplink: Type.Optional(
      Type.Object({
        bytesPerSecond: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
          description: 'about what the line carries; null before it was measured',
        }),
        waitingBytes: Type.Integer({ minimum: 0, description: 'of messages not yet acknowledged' }),
        dayBytes: Type.Optional(
          Type.Integer({ minimum: 0, description: 'that have gone over the line on this day in UTC' }),
        ),
        dayBudgetBytes: Type.Optional(
          Type.Integer({ minimum: 0, description: 'that may go on a day; left out: as much as can be' }),
        ),
        broker: Type.Optional(
          Type.String({
            maxLength: 300,
            description: 'that the agent is connected to, without login and path',
          }),
        ),
      }),
    ),
    machine: Type.Optional(MachineState),
    commands: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z.]{0,31}$' }), {
        maxItems: 32,
        description:
          'kinds of command that it knows beside those that every agent knows: scene.look, or what later ones know',
      }),
    ),
    troubles: Type.Optional(Type.Array(AgentTrouble, { maxItems: 8 })),
    configuration: Type.Optional(ConfigurationReport),
    updates: Type.Optional(
      Type.Array(UpdateReport, {
        maxItems: 4,
        description: 'what has become of the releases that it was last offered, the newest last',
      }),
    ),
  },
  { title: 'AgentStatus', description: 'The last will carries the same with state offline' },
);
export type AgentStatus = Static<typeof AgentStatus>;

/** What a camera needs a maintainer for, whether it streams or not. */
const CameraFault = Type.Object({
  code: Type.String({
    pattern: '^[a-z][a-z0-9_]{0,47}$',
    description: `${Object.keys(CAMERA_CARES).join(', ')}, or one that a later version knows`,
  }),
  detail: Type.String({ maxLength: 500, description: 'how much of it, without secrets' }),
  since: Timestamp,
});
export type CameraFault = Static<typeof CameraFault>;

export const CAMERA_CONDITIONS = [
  'starting',
  'streaming',
  'stalled',
  'refused',
  'dark',
  'blurred',
  'covered',
  'frozen',
  'moved',
  'placeholder',
  'paused',
] as const;
export type CameraCondition = (typeof CAMERA_CONDITIONS)[number];

export const CameraState = Type.Object(
  {
    v: Version,
    site: Slug,
    agent: Slug,
    camera: Slug,
    name: BilingualText,
    state: Type.Unsafe<CameraCondition>(
      Type.Union(CAMERA_CONDITIONS.map((condition) => Type.Literal(condition))),
    ),
    bootId: Type.Optional(Id),
    seq: Type.Optional(Sequence),
    reason: Type.Optional(
      Type.String({ maxLength: 500, description: 'why it does not stream, without secrets' }),
    ),
    code: Type.Optional(MachineCode),
    faults: Type.Optional(Type.Array(CameraFault, { maxItems: 8 })),
    since: Timestamp,
    at: Timestamp,
    lastFrameAt: Type.Union([Timestamp, Type.Null()]),
    lastFrameAgeMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    fps: Type.Number({ minimum: 0, description: 'decoded frames a second over the last minute' }),
    drops: Type.Integer({
      minimum: 0,
      description: 'frames given up since start because a newer one had come',
    }),
    width: Type.Optional(Type.Integer({ minimum: 1 })),
    height: Type.Optional(Type.Integer({ minimum: 1 })),
    position: Type.Optional(Position),
    headingDegrees: Type.Optional(Type.Number({ minimum: 0, exclusiveMaximum: 360 })),
    fieldOfViewDegrees: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 180, description: 'how wide it sees, horizontally' }),
    ),
    road: Type.Optional(NormalizedPolygon),
    masks: Type.Optional(
      Type.Unsafe<readonly NormalizedPolygon[]>(
        Type.Array(NormalizedPolygon, { maxItems: 64, description: 'what nobody may see of its picture' }),
      ),
    ),
    minBoxHeight: Type.Optional(MinBoxHeight),
    thresholds: Type.Optional(Thresholds),
    settings: Type.Optional(
      Type.String({ ...Id, description: 'what a gateway has set of it; left out: nothing' }),
    ),
    own: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(BilingualText),
          enabled: Type.Boolean(),
          farPass: Type.Boolean(),
          transport: Type.String({ maxLength: 16 }),
        },
        {
          description:
            'as the file of the box has it, the name where it is another; left out: a gateway has added the camera',
        },
      ),
    ),
  },
  { title: 'CameraState' },
);
export type CameraState = Static<typeof CameraState>;
