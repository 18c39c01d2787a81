/** What the numbers of a box may be: its file, the wire, the gateway and the console's form read them from here. */
export const BOX_RANGES = {
  'look.maxSeconds': { minimum: 2, maximum: 60 },
  'look.share': { minimum: 0.01, maximum: 1 },
  'look.keepMainSeconds': { minimum: 2, maximum: 100_000 },
  'look.fullStreams': { minimum: 2, maximum: 256 },
  'gate.maxSkipSeconds': { minimum: 0, maximum: 3600 },
  'gate.frozenSeconds': { minimum: 10, maximum: 86_400 },
  'verify.minSeconds': { minimum: 1, maximum: 600 },
  'verify.minLooks': { minimum: 2, maximum: 1000 },
  'verify.minSeenRatio': { minimum: 0, maximum: 1 },
  'verify.minScore': { minimum: 0, maximum: 1 },
  'verify.burstSeconds': { minimum: 0, maximum: 30 },
  'verify.burstFps': { minimum: 1, maximum: 10 },
  'verify.clearAfterMinutes': { minimum: 0.05, maximum: 100_000 },
  'ring.seconds': { minimum: 6, maximum: 600 },
  'ring.maxMegabytes': { minimum: 4, maximum: 10_000 },
  'uplink.megabytesPerDay': { minimum: 1, maximum: 1_000_000 },
  'outbox.maxMegabytes': { minimum: 16, maximum: 1_000_000 },
  // With less, one chunk is paid off for longer than a connection may be silent.
  'updates.kilobytesPerSecond': { minimum: 4, maximum: 10_000_000 },
  'updates.megabytesPerDay': { minimum: 1, maximum: 1_000_000 },
} as const;
export type BoxNumber = keyof typeof BOX_RANGES;

/** Those without a fraction. */
export const WHOLE_BOX_NUMBERS: readonly BoxNumber[] = [
  ...([
    'look.fullStreams',
    'verify.minLooks',
    'ring.seconds',
    'ring.maxMegabytes',
    'outbox.maxMegabytes',
  ] as const),
  ...(['uplink.megabytesPerDay'] as const),
  ...(['updates.kilobytesPerSecond', 'updates.megabytesPerDay'] as const),
];

/** Which clips come by themselves: all, none, or those for which the line and the budget of the day are good enough. */
export const CLIP_MODES = ['always', 'auto', 'on_demand'] as const;
export type ClipMode = (typeof CLIP_MODES)[number];
export const LOG_LEVELS = ['debug', 'info', 'warn'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const TRANSPORTS = ['tcp', 'udp'] as const;
export type Transport = (typeof TRANSPORTS)[number];
export const MAX_CAMERAS = 256;
export const MAX_CAMERA_NAME = 200;
/** As it stands in the file of a box, and on the wire. */
export const RTSP_ADDRESS = '^rtsps?://[^\\s]+$';
export const MAX_ADDRESS = 2048;
