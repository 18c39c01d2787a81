/** Every key of the agent's configuration file, its range, its default and what it is for. */
import { SecretText as Secret, type SecretUrl } from '@roadwatch/common';
import {
  BOX_RANGES,
  CLIP_MODES,
  type ClipMode,
  LOG_LEVELS,
  LoginName,
  type LogLevel,
  MAX_ADDRESS,
  MAX_CAMERA_NAME,
  MAX_CAMERAS,
  MAX_MASKS,
  MinBoxHeight,
  NormalizedPolygon,
  Position,
  RTSP_ADDRESS,
  Slug,
  Thresholds,
  TRANSPORTS,
  type Transport,
} from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { LANGUAGES, type Language } from '../language.ts';
import { INFERENCE_PROVIDERS, type InferenceProvider } from './inference-providers.ts';

const closed = { additionalProperties: false } as const;
const Path = Type.String({ minLength: 1, maxLength: 4096 });

const RtspUrl = Type.String({
  pattern: RTSP_ADDRESS,
  maxLength: MAX_ADDRESS,
  description: 'an rtsp:// or rtsps:// address, such as rtsp://10.0.0.5:554/stream1',
});

const BrokerUrl = Type.String({
  pattern: '^(mqtts?|wss?)://[^\\s]+$',
  maxLength: 2048,
  description: 'an mqtt://, mqtts://, ws:// or wss:// address, such as mqtts://10.0.0.2:8883',
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
        en: Type.String({ minLength: 1, maxLength: MAX_CAMERA_NAME }),
        zh: Type.String({ minLength: 1, maxLength: MAX_CAMERA_NAME }),
      },
      closed,
    ),
    enabled: Type.Boolean({ default: true, description: 'true or false' }),
    url: RtspUrl,
    detectUrl: Type.Optional(Type.Union([Type.Literal('auto'), RtspUrl])),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    password: Type.Optional(Secret),
    passwordFile: Type.Optional(Path),
    transport: Type.Unsafe<Transport>(
      Type.Union(
        TRANSPORTS.map((name) => Type.Literal(name)),
        { default: 'tcp' },
      ),
    ),
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

/** Of cameras that are added from the console, which name it: its secret stays here, and goes to these hosts only. */
const LoginSchema = Type.Object(
  {
    name: LoginName,
    username: Type.String({ minLength: 1, maxLength: 256 }),
    password: Type.Optional(Secret),
    passwordFile: Type.Optional(Path),
    hosts: Type.Array(
      Type.String({
        pattern: '^[A-Za-z0-9._:-]+(/[0-9]{1,3})?$',
        maxLength: 253,
        description: 'a host such as 10.0.0.5, or a range such as 10.0.0.0/24',
      }),
      { minItems: 1, maxItems: 64 },
    ),
  },
  closed,
);

const VerifySchema = Type.Object(
  {
    minSeconds: Type.Number({ ...BOX_RANGES['verify.minSeconds'], default: 4 }),
    minLooks: Type.Integer({ ...BOX_RANGES['verify.minLooks'], default: 6 }),
    minSeenRatio: Type.Number({ ...BOX_RANGES['verify.minSeenRatio'], default: 0.6 }),
    minScore: Type.Number({
      ...BOX_RANGES['verify.minScore'],
      default: 0,
      description: 'median score that a track must have besides the threshold of its class in the manifest',
    }),
    burstSeconds: Type.Number({ ...BOX_RANGES['verify.burstSeconds'], default: 6 }),
    burstFps: Type.Number({ ...BOX_RANGES['verify.burstFps'], default: 3 }),
    clearAfterMinutes: Type.Number({ ...BOX_RANGES['verify.clearAfterMinutes'], default: 60 }),
    roadUsers: Type.Boolean({ default: true, description: 'true or false' }),
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
        url: Type.Optional(BrokerUrl),
        fallbackUrls: Type.Array(BrokerUrl, { maxItems: 7, default: [] }),
        username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
        password: Type.Optional(Secret),
        passwordFile: Type.Optional(Path),
        caFile: Type.Optional(Path),
        proxy: Type.Optional(
          Type.String({
            pattern: '^http://[^\\s/?#]+/?$',
            maxLength: 2048,
            description: 'the http:// address of a proxy, such as http://10.0.0.1:3128',
          }),
        ),
        proxyUsername: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
        proxyPassword: Type.Optional(Secret),
        proxyPasswordFile: Type.Optional(Path),
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
    cameras: Type.Array(CameraSchema, { minItems: 1, maxItems: MAX_CAMERAS }),
    logins: Type.Array(LoginSchema, { maxItems: 64, default: [] }),
    takeSettings: Type.Boolean({ default: true, description: 'true or false' }),
    hardware: Type.Union(
      HARDWARE_PRESETS.map((preset) => Type.Literal(preset)),
      { default: 'none' },
    ),
    inference: Type.Object(
      {
        threads: Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 1, maximum: 64 })], {
          default: 'auto',
        }),
        provider: Type.Unsafe<InferenceProvider | 'auto'>(
          Type.Union(
            ['auto', ...INFERENCE_PROVIDERS].map((provider) => Type.Literal(provider)),
            { default: 'auto' },
          ),
        ),
      },
      { ...closed, default: {} },
    ),
    look: Type.Object(
      {
        maxSeconds: Type.Number({ ...BOX_RANGES['look.maxSeconds'], default: 10 }),
        share: Type.Number({ ...BOX_RANGES['look.share'], default: 0.1 }),
        keepMainSeconds: Type.Number({ ...BOX_RANGES['look.keepMainSeconds'], default: 60 }),
        fullStreams: Type.Optional(Type.Integer(BOX_RANGES['look.fullStreams'])),
      },
      { ...closed, default: {} },
    ),
    gate: Type.Object(
      {
        maxSkipSeconds: Type.Number({ ...BOX_RANGES['gate.maxSkipSeconds'], default: 10 }),
        frozenSeconds: Type.Number({ ...BOX_RANGES['gate.frozenSeconds'], default: 300 }),
      },
      { ...closed, default: {} },
    ),
    verify: VerifySchema,
    ring: Type.Object(
      {
        dir: Type.Optional(Path),
        seconds: Type.Integer({ ...BOX_RANGES['ring.seconds'], default: 30 }),
        maxMegabytes: Type.Integer({ ...BOX_RANGES['ring.maxMegabytes'], default: 64 }),
      },
      { ...closed, default: {} },
    ),
    evidence: Type.Object(
      {
        clips: Type.Unsafe<ClipMode>(
          Type.Union(
            CLIP_MODES.map((mode) => Type.Literal(mode)),
            { default: 'always' },
          ),
        ),
      },
      { ...closed, default: {} },
    ),
    uplink: Type.Object(
      { megabytesPerDay: Type.Optional(Type.Integer({ ...BOX_RANGES['uplink.megabytesPerDay'] })) },
      { ...closed, default: {} },
    ),
    outbox: Type.Object(
      { maxMegabytes: Type.Integer({ ...BOX_RANGES['outbox.maxMegabytes'], default: 1024 }) },
      { ...closed, default: {} },
    ),
    homeAssistant: Type.Object(
      {
        enabled: Type.Boolean({ default: false, description: 'true or false' }),
        prefix: Type.String({
          pattern: '^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$',
          maxLength: 200,
          default: 'homeassistant',
          description: 'a topic such as homeassistant',
        }),
        language: Type.Unsafe<Language>(
          Type.Union(
            LANGUAGES.map((language) => Type.Literal(language)),
            { default: 'en' },
          ),
        ),
      },
      { ...closed, default: {} },
    ),
    updates: Type.Object(
      {
        keyFiles: Type.Array(Path, { maxItems: 8, default: [] }),
        allowUnsigned: Type.Boolean({ default: false, description: 'true or false' }),
        packages: Type.Union([Type.Literal('none'), Type.Literal('deb'), Type.Literal('tar.gz')], {
          default: 'none',
        }),
        kilobytesPerSecond: Type.Optional(Type.Integer({ ...BOX_RANGES['updates.kilobytesPerSecond'] })),
        megabytesPerDay: Type.Optional(Type.Integer({ ...BOX_RANGES['updates.megabytesPerDay'] })),
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
        level: Type.Unsafe<LogLevel>(
          Type.Union(
            LOG_LEVELS.map((level) => Type.Literal(level)),
            { default: 'info' },
          ),
        ),
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
  /** The file has `auto` for it: it is looked for when the full stream has shown a picture. */
  readonly findsDetectUrl?: true;
  /** What `caFile` holds. */
  readonly ca?: string;
};
export type HardwarePreset = (typeof HARDWARE_PRESETS)[number];
