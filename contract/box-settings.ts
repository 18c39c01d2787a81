/**
 * What a gateway may set of a box as a whole and of its cameras: laid over the file of the box, which counts wherever nothing is said
 * here. Secrets are no part of it: a camera that is added names one of the logins that the file of its box has.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  BOX_RANGES,
  type BoxNumber,
  CLIP_MODES,
  type ClipMode as ClipModeName,
  LOG_LEVELS,
  type LogLevel,
  MAX_ADDRESS,
  MAX_CAMERA_NAME,
  MAX_CAMERAS,
  RTSP_ADDRESS,
  TRANSPORTS,
  type Transport as TransportName,
  WHOLE_BOX_NUMBERS,
} from './box-ranges.ts';
import { Slug } from './ids.ts';

const closed = { additionalProperties: false } as const;

function optional(key: BoxNumber) {
  const range = { ...BOX_RANGES[key] };
  return Type.Optional(
    Type.Unsafe<number>(WHOLE_BOX_NUMBERS.includes(key) ? Type.Integer(range) : Type.Number(range)),
  );
}

const Transport = Type.Unsafe<TransportName>(Type.Union(TRANSPORTS.map((name) => Type.Literal(name))));
const Level = Type.Unsafe<LogLevel>(Type.Union(LOG_LEVELS.map((level) => Type.Literal(level))));
const ClipMode = Type.Unsafe<ClipModeName>(Type.Union(CLIP_MODES.map((name) => Type.Literal(name))));
const CameraName = Type.Object(
  {
    en: Type.String({ minLength: 1, maxLength: MAX_CAMERA_NAME }),
    zh: Type.String({ minLength: 1, maxLength: MAX_CAMERA_NAME }),
  },
  closed,
);
const Address = Type.String({
  pattern: RTSP_ADDRESS,
  maxLength: MAX_ADDRESS,
  description: 'rtsp:// or rtsps://, without user name and password',
});
/** The name of a login in the file of a box. */
export const LoginName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'lower-case letters, digits and hyphens, at most 63',
});

const ofCamera = {
  enabled: Type.Optional(Type.Boolean({ description: 'false: paused, nothing is asked of the camera' })),
  farPass: Type.Optional(Type.Boolean()),
  transport: Type.Optional(Transport),
};
const ChangedCamera = Type.Object(
  { id: Slug, ...ofCamera, name: Type.Optional(CameraName) },
  { ...closed, description: 'a camera of the file; none is ever taken away from here, only paused' },
);
const AddedCamera = Type.Object(
  {
    id: Slug,
    name: CameraName,
    url: Address,
    detectUrl: Type.Optional(Address),
    login: Type.Optional({
      ...LoginName,
      description: 'the name of one of `logins:` in the file of the box, which says to which hosts it may go',
    }),
    ...ofCamera,
  },
  closed,
);
export type AddedCamera = Static<typeof AddedCamera>;

/** The numbers by section, without the cameras. */
export const BOX_WIDE = {
  look: Type.Object(
    {
      maxSeconds: optional('look.maxSeconds'),
      share: optional('look.share'),
      keepMainSeconds: optional('look.keepMainSeconds'),
      fullStreams: optional('look.fullStreams'),
    },
    closed,
  ),
  gate: Type.Object(
    {
      maxSkipSeconds: optional('gate.maxSkipSeconds'),
      frozenSeconds: optional('gate.frozenSeconds'),
    },
    closed,
  ),
  verify: Type.Object(
    {
      minSeconds: optional('verify.minSeconds'),
      minLooks: optional('verify.minLooks'),
      minSeenRatio: optional('verify.minSeenRatio'),
      minScore: optional('verify.minScore'),
      burstSeconds: optional('verify.burstSeconds'),
      burstFps: optional('verify.burstFps'),
      clearAfterMinutes: optional('verify.clearAfterMinutes'),
      roadUsers: Type.Optional(
        Type.Boolean({ description: 'what lies on a vehicle or a person is refused' }),
      ),
    },
    closed,
  ),
  ring: Type.Object(
    { seconds: optional('ring.seconds'), maxMegabytes: optional('ring.maxMegabytes') },
    closed,
  ),
  evidence: Type.Object({ clips: Type.Optional(ClipMode) }, closed),
  uplink: Type.Object({ megabytesPerDay: optional('uplink.megabytesPerDay') }, closed),
  outbox: Type.Object({ maxMegabytes: optional('outbox.maxMegabytes') }, closed),
  log: Type.Object({ level: Type.Optional(Level) }, closed),
  updates: Type.Object(
    {
      kilobytesPerSecond: optional('updates.kilobytesPerSecond'),
      megabytesPerDay: optional('updates.megabytesPerDay'),
    },
    closed,
  ),
} as const;

export const BoxSettings = Type.Object(
  {
    look: Type.Optional(BOX_WIDE.look),
    gate: Type.Optional(BOX_WIDE.gate),
    verify: Type.Optional(BOX_WIDE.verify),
    ring: Type.Optional(BOX_WIDE.ring),
    evidence: Type.Optional(BOX_WIDE.evidence),
    uplink: Type.Optional(BOX_WIDE.uplink),
    outbox: Type.Optional(BOX_WIDE.outbox),
    log: Type.Optional(BOX_WIDE.log),
    updates: Type.Optional(BOX_WIDE.updates),
    cameras: Type.Optional(Type.Array(ChangedCamera, { maxItems: MAX_CAMERAS })),
    added: Type.Optional(Type.Array(AddedCamera, { maxItems: MAX_CAMERAS })),
  },
  {
    ...closed,
    title: 'BoxSettings',
    description: 'whatever is left out is as the configuration file of the box has it',
  },
);
export type BoxSettings = Static<typeof BoxSettings>;

/** One thing to mend of the settings of a box. */
export const BoxProblem = Type.Object({
  path: Type.String({ maxLength: 200, description: 'such as ring.seconds or cameras[2].name' }),
  en: Type.String({ maxLength: 500 }),
  zh: Type.String({ maxLength: 500 }),
});
export type BoxProblem = Static<typeof BoxProblem>;

export const MAX_PROBLEMS = 50;
const check = Compile(BoxSettings as TSchema);

/** What does not fit or cannot be meant, whatever box it is for; at most `MAX_PROBLEMS`. Empty: it is of type BoxSettings. */
export function boxSettingsProblems(value: unknown): readonly BoxProblem[] {
  const found = check.Check(value) ? meantProblems(value as BoxSettings) : shapeErrors(value);
  return found.slice(0, MAX_PROBLEMS);
}

function shapeErrors(value: unknown): readonly BoxProblem[] {
  const byPath = new Map<string, BoxProblem>();
  for (const { instancePath, message, params } of check.Errors(value)) {
    const { en, zh } = rangeText(pathOf(instancePath)) ?? { en: message, zh: '填写有误' };
    for (const path of unknownKeys(params).map((key) => `${instancePath}/${key}`))
      byPath.set(path, { path: pathOf(path).slice(0, 200), en: 'is not known here', zh: '未知的设置项' });
    // What is wrong inside is told of what is inside.
    if (unknownKeys(params).length === 0 && !byPath.has(instancePath))
      byPath.set(instancePath, { path: pathOf(instancePath).slice(0, 200), en, zh });
  }
  const paths = [...byPath.keys()];
  const innermost = [...byPath].filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`)));
  return innermost.map(([, problem]) => problem);
}

function unknownKeys(params: object): readonly string[] {
  return 'additionalProperties' in params ? (params.additionalProperties as readonly string[]) : [];
}

function rangeText(path: string): { readonly en: string; readonly zh: string } | null {
  if (!Object.hasOwn(BOX_RANGES, path)) return null;
  const { minimum, maximum } = BOX_RANGES[path as BoxNumber];
  const isWhole = WHOLE_BOX_NUMBERS.includes(path as BoxNumber);
  return {
    en: `expected a ${isWhole ? 'whole ' : ''}number from ${minimum} to ${maximum}`,
    zh: `应为 ${minimum} 至 ${maximum} 的${isWhole ? '整数' : '数'}`,
  };
}

/** `cameras[2].name` of `/cameras/2/name`. */
function pathOf(pointer: string): string {
  return pointer
    .slice(1)
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
}

function meantProblems({ cameras = [], added = [] }: BoxSettings): readonly BoxProblem[] {
  const problems: BoxProblem[] = [];
  const seen = new Set<string>();
  for (const [list, entries] of [
    ['cameras', cameras],
    ['added', added],
  ] as const)
    for (const [index, { id, name }] of entries.entries()) {
      const at = `${list}[${index}]`;
      if (seen.has(id))
        problems.push({
          path: `${at}.id`,
          en: `${id} is there twice; every camera has its own id`,
          zh: `${id} 重复，每台摄像机的编号须唯一`,
        });
      seen.add(id);
      if (name !== undefined && /[^ -~]/.test(name.zh) && !/\p{Script=Han}/u.test(name.zh))
        problems.push({ path: `${at}.name.zh`, en: 'none of its letters is Chinese', zh: '不含中文字符' });
    }
  for (const [index, camera] of added.entries())
    for (const key of ['url', 'detectUrl'] as const) {
      const address = camera[key];
      const wrong = address === undefined ? null : addressText(address);
      if (wrong !== null) problems.push({ path: `added[${index}].${key}`, ...wrong });
    }
  return problems;
}

/** Never with the address: it may hold what it must not. */
function addressText(address: string): { readonly en: string; readonly zh: string } | null {
  const url = URL.parse(address);
  if (url === null || url.hostname === '' || url.port === '0')
    return {
      en: 'is no address that can be used; expected one such as rtsp://10.0.0.5:554/stream1',
      zh: '不是有效地址，应类似 rtsp://10.0.0.5:554/stream1',
    };
  const authority = /^[^/?#]*/.exec(address.slice(address.indexOf('://') + 3))?.[0] ?? '';
  return url.username === '' && url.password === '' && !authority.includes('@') && url.hash === ''
    ? null
    : {
        en: 'holds a user name or password, which never leave the box; name a login of its file instead',
        zh: '地址中含有用户名或密码；账号口令不得离开设备，请选择设备配置中的登录项',
      };
}
