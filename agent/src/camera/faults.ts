/** Why a camera does not stream, from what ffmpeg wrote and how it ended, in words for the person who looks after it. */
import { redactText } from './redact.ts';

export type FaultKind =
  | 'unreachable'
  | 'refused'
  | 'not-found'
  | 'not-video'
  | 'no-keyframe'
  | 'corrupt'
  | 'stalled'
  | 'ended'
  | 'internal';

export interface StreamFault {
  readonly kind: FaultKind;
  readonly reason: string;
}

const PATTERNS: readonly [RegExp, FaultKind, string][] = [
  [
    /\b401\b|\b403\b|Unauthorized|Forbidden/i,
    'refused',
    'the camera refused the login (user name or password)',
  ],
  // Asked to play without a stream set up, which is what happens when none of them is video.
  [/\b454\b|Session Not Found/i, 'not-video', 'the stream carries no video'],
  [/\b404\b|Stream Not Found|Not Found/i, 'not-found', 'the camera has no stream at this path'],
  [/\b45[0-9]\b|\b5\d\d (?!x)[A-Z]|Server returned 5/i, 'unreachable', 'the camera answered with an error'],
  [
    /Connection refused/i,
    'unreachable',
    'the camera refused the connection: nothing listens at this address and port',
  ],
  [
    /No route to host|Network is unreachable|Host is unreachable/i,
    'unreachable',
    'the network has no way to the camera',
  ],
  [
    /Name or service not known|Failed to resolve hostname|Temporary failure in name/i,
    'unreachable',
    'the camera’s host name cannot be resolved',
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
