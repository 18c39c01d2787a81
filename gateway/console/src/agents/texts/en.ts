/** The texts of a box's own page in English; its type is what Chinese must have. They come with that page, not with the desk. */
import type { BoxNumber } from '@roadwatch/contract/box-ranges.ts';

const numbers: Readonly<Record<BoxNumber, string>> = {
  'look.maxSeconds': 'Looks at each camera at least every … seconds',
  'look.share': 'Share of the processors for more looks',
  'look.keepMainSeconds': 'Full stream beside a sub-stream: kept … seconds after it was needed',
  'look.fullStreams': 'Full streams beside sub-streams, at once',
  'gate.maxSkipSeconds': 'Skips what has not changed for … seconds at most',
  'gate.frozenSeconds': 'Frozen after … seconds of the same picture',
  'verify.minSeconds': 'In view for … seconds',
  'verify.minLooks': 'Looks in which it could be seen',
  'verify.minSeenRatio': 'Share of them that show it',
  'verify.minScore': 'Median score, 0 to 1',
  'verify.burstSeconds': 'Closer look, seconds',
  'verify.burstFps': 'Closer look, pictures a second',
  'verify.clearAfterMinutes': 'Gone after … minutes of whole road',
  'ring.seconds': 'Video kept of each camera, seconds',
  'ring.maxMegabytes': 'At most, MB a camera',
  'uplink.megabytesPerDay': 'Line to the gateway, MB a day',
  'outbox.maxMegabytes': 'What waits for the gateway, MB',
  'updates.kilobytesPerSecond': 'Updates, kB a second',
  'updates.megabytesPerDay': 'Updates, MB a day',
};

export const en = {
  all: 'All agents',
  running: 'Runs with',
  runningVersion: (version: number) => `version ${version}`,
  ownFile: 'its own file alone',
  unknownVersion: 'settings that are not known here',
  notSaid: 'it has not said',
  since: 'Applied',
  trialUntil: (time: string) => `on trial until ${time}`,
  fileRefused: 'Its file has changed and is not applied:',
  inPart: 'Its file has changed, and this of the version no longer fits it:',
  tooOld: 'The program of this box is too old to take settings from here. Its own file alone counts.',
  notTaken: 'The owner of this box takes no settings from here (takeSettings: false in its file).',
  delivery: {
    waiting: 'Sent, the box has not answered yet.',
    waitingOffline: 'Saved. The box is offline and gets it when it is back.',
    trial:
      'The box tries it. Once it is seen to be there with it, it counts; otherwise the box goes back within a minute.',
    applied: (version: number) => `Version ${version} counts at the box.`,
    refused: (version: number, why: string) =>
      `Version ${version} does not count, the former one does. ${why}`,
    superseded: 'Another version has taken its place.',
  },
  outcome: {
    none: '',
    waiting: 'not yet at the box',
    trial: 'on trial',
    applied: 'confirmed',
    refused: 'refused or taken back',
    superseded: 'replaced before it counted',
  },
  sendAgain: 'Send again',
  discard: 'Discard',
  save: 'Save and send to the box',
  unsaved: 'Not saved yet',
  leaveSure: 'Leave without saving? What was changed here is lost.',
  saveHint: 'Empty is as the file of the box has it, which stands in grey.',
  groups: {
    gate: 'When it looks',
    verify: 'When damage counts',
    ring: 'Video for stills and clips',
    outbox: 'Budgets',
  },
  numbers,
  between: (minimum: number, maximum: number) => `${minimum} to ${maximum}`,
  unlimited: 'no limit',
  roadUsers: 'Refuses what lies on a vehicle or a person',
  clips: 'Clips are sent',
  clipModes: {
    always: 'always',
    auto: 'unless the line is poor',
    on_demand: 'when somebody asks',
  },
  logLevel: 'Log',
  levels: { debug: 'everything (debug)', info: 'what happens (info)', warn: 'what is wrong (warn)' },
  asFile: (value: string) => `as in the file: ${value}`,
  cameras: 'Cameras of its file',
  camerasHint:
    'Where the road is, what nobody may see and from which score damage counts is set on each camera’s own page.',
  noCameras: 'The box has not said yet which cameras it has.',
  paused: 'Paused',
  pausedByFile: 'paused in its file',
  transport: 'Transport',
  farPass: 'Looks at the far end enlarged',
  yes: 'yes',
  no: 'no',
  nameEn: 'Name in English',
  nameZh: 'Name in Chinese',
  added: 'Cameras that are added here',
  addedHint:
    'Name and password stay in the box: choose one of the logins of its file, which says to which hosts it may be sent.',
  add: 'Add a camera',
  remove: 'Remove',
  id: 'Id',
  address: 'Address, without login',
  detectAddress: 'Address of its sub-stream',
  login: 'Login',
  noLogin: 'none',
  history: 'History',
  noHistory: 'Nothing was ever set here.',
  version: (version: number, who: string, when: string) => `${version} · ${who} · ${when}`,
  undoOf: (version: number) =>
    version === 0 ? 'put back: its own file alone' : `put back: version ${version}`,
  more: (count: number) => `and ${count} more`,
  putBack: 'Put back',
  putBackFile: 'Back to its own file alone',
  putBackSure: (version: number) =>
    version === 0 ? 'Let the box run with its own file alone?' : `Put version ${version} back?`,
} as const;

/** Any text where English has one. */
type Translated<Texts> = {
  readonly [Key in keyof Texts]: Texts[Key] extends string
    ? string
    : Texts[Key] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : Translated<Texts[Key]>;
};
export type AgentTexts = Translated<typeof en>;
