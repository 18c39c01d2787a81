/** Why a camera does not stream, from what ffmpeg wrote and how it ended, in words for the person who looks after it. */
import { redactText } from '@roadwatch/common';
import type { CameraFaultCode } from '@roadwatch/contract/codes';
import { MAX_PIXELS } from '../ffmpeg/containment.ts';

const FAULT_CODES = {
  unreachable: 'camera_unreachable',
  refused: 'camera_refused',
  'not-found': 'camera_not_found',
  busy: 'camera_busy',
  transport: 'camera_transport',
  redirect: 'camera_redirect',
  'not-video': 'camera_not_video',
  'no-keyframe': 'camera_no_keyframe',
  corrupt: 'camera_corrupt',
  ring: 'camera_ring',
  disk: 'camera_disk',
  stalled: 'camera_stalled',
  ended: 'camera_ended',
  internal: 'camera_internal',
} as const satisfies Record<string, CameraFaultCode>;
export type FaultKind = keyof typeof FAULT_CODES;

/** Its word for programs, on the wire. */
export function codeOf(kind: FaultKind): CameraFaultCode {
  return FAULT_CODES[kind];
}

export interface StreamFault {
  readonly kind: FaultKind;
  readonly reason: string;
}

const PATTERNS: readonly [RegExp, FaultKind, string][] = [
  [/No space left on device|Disk quota exceeded/i, 'disk', 'the disk of the video ring is full'],
  [/Read-only file system|Failed to open segment/i, 'disk', 'the video ring cannot be written'],
  [
    /exceeds specified max pixel count|Picture size \d+x\d+ is invalid/i,
    'not-video',
    `the picture is larger than is decoded here (${MAX_PIXELS / 1e6} million pixels)`,
  ],
  [/Connection timed out|Operation timed out|timed out/i, 'unreachable', 'the camera did not answer in time'],
  [/matches no streams|does not contain any stream|no video/i, 'not-video', 'the stream carries no video'],
  [
    /Could not find codec parameters|unspecified size|Decoder .* not found|Invalid data found/i,
    'not-video',
    'what the camera sends is not video that ffmpeg can read',
  ],
  [/non monoton|Timestamps are unset|Invalid argument/i, 'corrupt', 'the stream’s timestamps are broken'],
  [/Connection reset|Broken pipe|End of file/i, 'ended', 'the camera closed the connection'],
];

/** `log`: the last lines that were warnings or worse, oldest first. */
export function classifyExit(log: readonly string[], framesSeen: number): StreamFault {
  const found = PATTERNS.find(([pattern]) => log.some((line) => pattern.test(line)));
  const detail = redactText(log.at(-1) ?? '').slice(0, 200);
  if (found !== undefined) {
    const [, kind, reason] = found;
    return { kind, reason: detail === '' ? reason : `${reason} (${detail})` };
  }
  if (framesSeen > 0) return { kind: 'ended', reason: 'the camera ended the stream' };
  return { kind: 'not-video', reason: detail === '' ? 'the stream ended before its first frame' : detail };
}
