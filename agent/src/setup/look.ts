/** One look at a camera, as the agent itself would see it: one connection, one login, one picture, and how its stream comes. */
import { classifyExit, type StreamFault } from '../camera/faults.ts';
import type { CameraAccess } from '../camera/rtsp/access.ts';
import { CameraFault } from '../camera/rtsp/fault.ts';
import { CameraRelay } from '../camera/rtsp/relay.ts';
import type { VideoCodec } from '../camera/rtsp/sdp.ts';
import { ANALYSE_US, RTSP_PROTOCOLS } from '../camera/stream-arguments.ts';
import { parseStreamInfo } from '../ffmpeg/frame-info.ts';
import { forEachLine } from '../ffmpeg/lines.ts';
import { Ffmpeg, type FfmpegOutput, ffmpegArguments } from '../ffmpeg/process.ts';
import { displaySize, type Size } from '../frame/size.ts';
import type { ServiceUser } from './service-user.ts';

export interface Look {
  /** The first picture that can be decoded, in JPEG. */
  readonly picture: Buffer;
  readonly size: Size;
  readonly codec: VideoCodec;
  /** From keyframe to keyframe, or as long as was waited for the next; null where that was not looked at, and by UDP. */
  readonly keyframeSeconds: number | null;
}

const MAX_PICTURE_BYTES = 32 * 2 ** 20;
/** A camera with a keyframe every 20 s still shows itself. */
const PICTURE_MS = 30_000;
const LOG_LINES = 12;

/**
 * `watchSeconds`: how long the stream is watched for its keyframes. `user`: whom ffmpeg runs as, which reads what is not known yet.
 * Throws CameraFault.
 */
export async function lookAt(
  access: CameraAccess,
  watchSeconds: number,
  signal: AbortSignal,
  user: ServiceUser | null = null,
): Promise<Look> {
  const relay = await CameraRelay.open(access, {}, signal);
  try {
    return await watch(relay, access.transport, { watchSeconds, user }, signal);
  } finally {
    await relay.close();
  }
}

async function watch(
  relay: CameraRelay,
  transport: 'tcp' | 'udp',
  { watchSeconds, user }: { readonly watchSeconds: number; readonly user: ServiceUser | null },
  signal: AbortSignal,
): Promise<Look> {
  const ffmpeg = new Ffmpeg(pictureArguments(relay.url, transport, watchSeconds), { limits: { user } });
  if (ffmpeg.pid !== undefined) relay.admit(ffmpeg.pid);
  const chunks: Buffer[] = [];
  let bytes = 0;
  ffmpeg.output(1).on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_PICTURE_BYTES) void ffmpeg.stop();
    else chunks.push(chunk);
  });
  let size: Size | null = null;
  const problems: string[] = [];
  forEachLine(ffmpeg.log, (line) => {
    const stream = size === null ? parseStreamInfo(line) : null;
    if (stream !== null) size = displaySize(stream);
    if (!/\[(error|fatal|panic)\]/.test(line)) return;
    problems.push(line.replace(/^.*?\[(error|fatal|panic)\] /, ''));
    if (problems.length > LOG_LINES) problems.shift();
  });
  const stop = (): void => void ffmpeg.stop();
  const late = setTimeout(stop, PICTURE_MS + watchSeconds * 1000);
  signal.addEventListener('abort', stop);
  try {
    await ffmpeg.exit;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  const picture = Buffer.concat(chunks);
  if (size === null || picture.length === 0) throw asFault(relay.fault ?? classifyExit(problems, 0));
  const keyframeSeconds = watchSeconds > 0 ? relay.keyframeSeconds() : null;
  return { picture, size, codec: relay.codec, keyframeSeconds };
}

function pictureArguments(url: string, transport: 'tcp' | 'udp', watchSeconds: number): string[] {
  const outputs: FfmpegOutput[] = [
    {
      target: 'pipe:1',
      options: ['-map', '0:v:0', '-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2pipe'],
    },
  ];
  if (watchSeconds > 0)
    outputs.push({
      target: '/dev/null',
      options: ['-map', '0:v:0', '-c', 'copy', '-t', String(watchSeconds), '-f', 'null'],
    });
  return ffmpegArguments(
    [
      {
        url,
        foreign: RTSP_PROTOCOLS,
        options: [
          ...['-f', 'rtsp', '-rtsp_transport', transport, '-allowed_media_types', 'video'],
          ...[
            '-analyzeduration',
            String(ANALYSE_US[transport]),
            '-probesize',
            '3000000',
            '-fpsprobesize',
            '0',
            '-threads',
            '1',
          ],
        ],
      },
    ],
    outputs,
  );
}

function asFault(fault: StreamFault): CameraFault {
  return fault instanceof CameraFault ? fault : new CameraFault(fault.kind, fault.reason);
}
