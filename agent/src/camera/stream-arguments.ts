/** What ffmpeg is told for one connection to a camera: how the stream is read, how it is decoded, and how it is recorded. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { type Decode, frameOutput } from '../decode/frame-output.ts';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import { type FfmpegOutput, ffmpegArguments } from '../ffmpeg/process.ts';
import type { Size } from '../frame/size.ts';
import { type Recording, RING_SHIFT_SECONDS, SEGMENT_SECONDS } from '../ring/segments.ts';
import type { CameraAccess } from './rtsp/access.ts';

export interface StreamReading {
  readonly access: CameraAccess;
  readonly decoder: DecoderOptions;
  readonly decode: Decode | null;
  readonly record: Recording | null;
  readonly input: Manifest['input'];
  /** Its shape, where that is known better than from the stream: a sub-stream shows what the main one does, perhaps squeezed. */
  readonly shape?: Size | null;
  /** The part of each picture that is shown a second time, enlarged. */
  readonly far: NormalizedBox | null;
}

/** From the relay; packets by UDP come from the camera. */
export const RTSP_PROTOCOLS = ['tcp', 'udp', 'rtp'] as const;
/** For ffmpeg, by UDP; inside the connection the relay sees when nothing comes. */
export const SOCKET_TIMEOUT_US = 15_000_000;
/**
 * Of the stream, that ffmpeg reads before it shows anything; it reads all of it. Inside the connection a keyframe comes first, which
 * tells all there is to know; by UDP it may be seconds away.
 */
export const ANALYSE_US = { tcp: 500_000, udp: 3_000_000 } as const;

/** `url`: of the relay. `encode`: whether what is recorded is encoded anew. */
export function streamArguments(
  url: string,
  encode: boolean,
  { access, decoder, decode, record, input, far, shape }: StreamReading,
): string[] {
  const outputs: FfmpegOutput[] = [];
  if (decode !== null) outputs.push(frameOutput(input, decode, decoder, far, shape ?? null));
  if (record !== null)
    outputs.push(recordOutput(record, access.transport, encode ? encoding(decoder) : COPY));
  return ffmpegArguments(
    [
      {
        url,
        foreign: RTSP_PROTOCOLS,
        options: [
          ...['-f', 'rtsp', '-rtsp_transport', access.transport, '-allowed_media_types', 'video'],
          ...(access.transport === 'udp' ? ['-timeout', String(SOCKET_TIMEOUT_US)] : []),
          ...['-analyzeduration', String(ANALYSE_US[access.transport])],
          ...['-probesize', '3000000', '-fpsprobesize', '0'],
          // Decoding of a keyframe now and then needs no threads, and frame threads would hold frames back.
          ...['-threads', '1'],
          ...(decode === null ? [] : decoder.input),
          ...(decode === null ? [] : ['-skip_frame', decode.kind === 'keyframes' ? 'nokey' : 'noref']),
        ],
      },
    ],
    outputs,
  );
}

/**
 * A stream's first packet may come without a time, and its first decoding times may be negative; MPEG-TS takes neither.
 * Video over RTP counts at 90 kHz (RFC 6184 5.1, RFC 7798 4.1).
 */
const SHIFT = RING_SHIFT_SECONDS * 90_000;
const RING_TIMES = `setts=pts=if(eq(PTS\\,NOPTS)\\,DTS\\,PTS)+${SHIFT}:dts=DTS+${SHIFT}`;

const COPY = ['-c', 'copy', '-bsf:v', RING_TIMES];

/** Pictures a second that are kept of a stream that is encoded anew: as many as a closer look may take. */
const ENCODED_FPS = 10;

/** 0.1 of a core for 1080p, besides decoding. */
function encoding({ filters }: DecoderOptions): string[] {
  const thin = `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${0.96 / ENCODED_FPS})`;
  const chain = [...filters, thin, `setpts=PTS+${RING_SHIFT_SECONDS}/TB`, 'format=yuv420p'].join(',');
  return [
    ...['-vf', chain, '-fps_mode', 'passthrough', '-enc_time_base', '1:90000', '-threads', '1'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '21'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
  ];
}

function recordOutput({ ring }: Recording, transport: 'tcp' | 'udp', codec: readonly string[]): FfmpegOutput {
  return {
    target: ring.begin(transport === 'tcp' ? 'little' : 'a whole file').pattern,
    options: [
      ...['-map', '0:v:0', ...codec, '-f', 'segment', '-segment_time', String(SEGMENT_SECONDS)],
      ...['-segment_format', 'mpegts', '-muxdelay', '0', '-muxpreload', '0', '-fflags', '+flush_packets'],
      // With its length told, a frame is whole for who reads along when it is written, not when the next one is.
      ...['-segment_format_options', 'omit_video_pes_length=0'],
      ...['-segment_list', 'pipe:3', '-segment_list_type', 'csv', '-segment_list_size', '0'],
    ],
  };
}
