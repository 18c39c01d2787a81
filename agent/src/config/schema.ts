/** Every key of the agent's configuration file, its range, its default and what it is for. */
import { SecretText as Secret, type SecretUrl } from '@roadwatch/common';
import { MAX_MASKS, MinBoxHeight, NormalizedPolygon, Position, Slug, Thresholds } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Path = Type.String({ minLength: 1, maxLength: 4096 });

const RtspUrl = Type.String({
  pattern: '^rtsps?://[^\\s]+$',
  maxLength: 2048,
  description: 'an rtsp:// or rtsps:// address, such as rtsp://10.0.0.5:554/stream1',
});

const HARDWARE_PRESETS = ['none', 'vaapi', 'qsv', 'cuda', 'v4l2m2m', 'rkmpp'] as const;
const Hardware = Type.Union(
  HARDWARE_PRESETS.map((preset) => Type.Literal(preset)),
  {
    description:
      'how video is decoded; a preset that this machine cannot do falls back to none with a warning',
  },
);

const CameraSchema = Type.Object(
  {
    id: Slug,
    name: Type.Object(
      {
        en: Type.String({ minLength: 1, maxLength: 200 }),
        zh: Type.String({ minLength: 1, maxLength: 200 }),
      },
      closed,
    ),
    url: RtspUrl,
    detectUrl: Type.Optional(RtspUrl),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    password: Type.Optional(Secret),
    passwordFile: Type.Optional(Path),
    transport: Type.Union([Type.Literal('tcp'), Type.Literal('udp')], { default: 'tcp' }),
    allowBasic: Type.Boolean({
      default: false,
      description: 'true or false: whether the password may be sent in the clear',
    }),
    redirectTo: Type.Array(
      Type.String({
        pattern: '^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$',
        maxLength: 262,
        description: 'an address such as 10.0.0.6:554 to which the camera may send on',
      }),
      { maxItems: 16, default: [] },
    ),
    caFile: Type.Optional(Path),
    fingerprint: Type.Optional(
      Type.String({
        pattern: '^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$',
        description: 'the SHA-256 fingerprint of the camera’s certificate, 32 bytes in hexadecimal',
      }),
    ),
    // The same on the wire takes keys that a later version knows.
    position: Type.Optional(Type.Object(Position.properties, closed)),
    headingDegrees: Type.Optional(Type.Number({ minimum: 0, exclusiveMaximum: 360 })),
    fieldOfViewDegrees: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 180 })),
    road: Type.Optional(NormalizedPolygon),
    masks: Type.Array(NormalizedPolygon, { maxItems: MAX_MASKS, default: [] }),
    keepAddedMasks: Type.Boolean({ default: true, description: 'true or false' }),
    minBoxHeight: Type.Optional(MinBoxHeight),
    thresholds: Type.Optional(Thresholds),
    takeSettings: Type.Boolean({ default: true, description: 'true or false' }),
    farPass: Type.Boolean({ default: false, description: 'true or false' }),
    hardware: Type.Optional(Hardware),
  },
  closed,
);

const VerifySchema = Type.Object(
  {
    minSeconds: Type.Number({ minimum: 1, maximum: 600, default: 4 }),
    minLooks: Type.Integer({ minimum: 2, maximum: 1000, default: 6 }),
    minSeenRatio: Type.Number({ minimum: 0, maximum: 1, default: 0.6 }),
    minScore: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'median score that a track must have besides the threshold of its class in the manifest',
    }),
    burstSeconds: Type.Number({ minimum: 0, maximum: 30, default: 6 }),
    burstFps: Type.Number({ minimum: 1, maximum: 10, default: 3 }),
    clearAfterMinutes: Type.Number({ minimum: 0.05, maximum: 100_000, default: 60 }),
  },
  { ...closed, default: {} },
);

export const ConfigSchema = Type.Object(
  {
    site: Slug,
    agent: Slug,
    dataDir: Path,
    model: Type.Optional(Path),
    mqtt: Type.Object(
      {
        url: Type.Optional(
          Type.String({
            pattern: '^(mqtts?|wss?)://[^\\s]+$',
            maxLength: 2048,
            description: 'an mqtt://, mqtts://, ws:// or wss:// address, such as mqtts://10.0.0.2:8883',
          }),
        ),
        username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
        password: Type.Optional(Secret),
        passwordFile: Type.Optional(Path),
        caFile: Type.Optional(Path),
        ackTimeoutSeconds: Type.Number({ minimum: 1, maximum: 3600, default: 30 }),
        maxPacketBytes: Type.Optional(Type.Integer({ minimum: 2048, maximum: 268_435_455 })),
      },
      { ...closed, default: {} },
    ),
    gateway: Type.Object(
      {
        url: Type.Optional(
          Type.String({
            pattern: '^https?://[^\\s@?#]+$',
            maxLength: 2048,
            description: 'the http:// or https:// address of the gateway: that of its console',
          }),
        ),
        caFile: Type.Optional(Path),
      },
      { ...closed, default: {} },
    ),
    cameras: Type.Array(CameraSchema, { minItems: 1, maxItems: 256 }),
    hardware: Type.Union(
      HARDWARE_PRESETS.map((preset) => Type.Literal(preset)),
      { default: 'none' },
    ),
    inference: Type.Object(
      { threads: Type.Integer({ minimum: 1, maximum: 64, default: 1 }) },
      { ...closed, default: {} },
    ),
    gate: Type.Object(
      {
        maxSkipSeconds: Type.Number({ minimum: 0, maximum: 3600, default: 10 }),
        frozenSeconds: Type.Number({ minimum: 10, maximum: 86_400, default: 300 }),
      },
      { ...closed, default: {} },
    ),
    verify: VerifySchema,
    ring: Type.Object(
      {
        dir: Type.Optional(Path),
        seconds: Type.Integer({ minimum: 6, maximum: 600, default: 30 }),
        maxMegabytes: Type.Integer({ minimum: 4, maximum: 10_000, default: 64 }),
      },
      { ...closed, default: {} },
    ),
    outbox: Type.Object(
      { maxMegabytes: Type.Integer({ minimum: 16, maximum: 1_000_000, default: 1024 }) },
      { ...closed, default: {} },
    ),
    updates: Type.Object(
      {
        keyFiles: Type.Array(Path, { maxItems: 8, default: [] }),
        allowUnsigned: Type.Boolean({ default: false, description: 'true or false' }),
        packages: Type.Union([Type.Literal('none'), Type.Literal('deb'), Type.Literal('tar.gz')], {
          default: 'none',
        }),
        // With less, one chunk is paid off for longer than a connection may be silent.
        kilobytesPerSecond: Type.Optional(Type.Integer({ minimum: 4, maximum: 10_000_000 })),
        megabytesPerDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
      },
      { ...closed, default: {} },
    ),
    health: Type.Object(
      {
        host: Type.String({ minLength: 1, maxLength: 255, default: '127.0.0.1' }),
        port: Type.Integer({ minimum: 0, maximum: 65_535, default: 9464 }),
      },
      { ...closed, default: {} },
    ),
    reload: Type.Object(
      { watch: Type.Boolean({ default: true, description: 'true or false' }) },
      { ...closed, default: {} },
    ),
    log: Type.Object(
      {
        level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn')], {
          default: 'info',
        }),
      },
      { ...closed, default: {} },
    ),
  },
  closed,
);

export type Config = Static<typeof ConfigSchema>;
/** As it stands in the file. */
export type CameraSection = Omit<Static<typeof CameraSchema>, 'road' | 'masks'> & {
  readonly road?: NormalizedPolygon;
  readonly masks: readonly NormalizedPolygon[];
};
/** With the login inside the addresses. */
export type CameraConfig = Omit<
  CameraSection,
  'url' | 'detectUrl' | 'username' | 'password' | 'passwordFile' | 'caFile'
> & {
  readonly url: SecretUrl;
  readonly detectUrl?: SecretUrl;
  /** What `caFile` holds. */
  readonly ca?: string;
};
export type HardwarePreset = (typeof HARDWARE_PRESETS)[number];
