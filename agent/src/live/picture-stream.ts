/** A camera as pictures for people: decoded, scaled, privacy masks painted in, a steady rate. YUV4MPEG2 on a pipe. */
import type { Readable } from 'node:stream';
import type { NormalizedPolygon } from '@roadwatch/contract';
import sharp from 'sharp';
import type { CameraAccess } from '../camera/rtsp/access.ts';
import { CameraRelay } from '../camera/rtsp/relay.ts';
import { RTSP_PROTOCOLS, SOCKET_TIMEOUT_US } from '../camera/stream-arguments.ts';
import type { Limits } from '../ffmpeg/containment.ts';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import { Ffmpeg, type FfmpegInput, ffmpegArguments } from '../ffmpeg/process.ts';
import type { Size } from '../frame/size.ts';
import { maskSvg } from '../privacy/svg.ts';

export interface PictureSource {
  readonly access: CameraAccess;
  readonly decoder: DecoderOptions;
  /** The camera's own resolution. */
  readonly size: Size;
  readonly masks: readonly NormalizedPolygon[];
}

/** MPEG-1 knows this rate (ISO/IEC 11172-2, 2.4.3.2) and street cameras have it. */
export const LIVE_FPS = 25;
const MAX_WIDTH = 960;

/** A second connection to the camera, for as long as somebody watches. */
export class PictureStream {
  readonly #relay: CameraRelay;
  readonly #ffmpeg: Ffmpeg;

  /** Throws CameraFault when the camera does not let the agent in. */
  static async start(source: PictureSource, signal: AbortSignal): Promise<PictureStream> {
    const relay = await CameraRelay.open(source.access, {}, signal);
    try {
      return new PictureStream(
        relay,
        new Ffmpeg(await pictureArguments(relay.url, source), limitsOf(source)),
      );
    } catch (error) {
      await relay.close();
      throw error;
    }
  }

  private constructor(relay: CameraRelay, ffmpeg: Ffmpeg) {
    this.#relay = relay;
    this.#ffmpeg = ffmpeg;
    if (ffmpeg.pid !== undefined) relay.admit(ffmpeg.pid);
  }

  get pictures(): Readable {
    return this.#ffmpeg.output(1);
  }
  get log(): Readable {
    return this.#ffmpeg.log;
  }
  /** Resolves when it has ended, with the reason where the camera gave one. */
  get ended(): Promise<string | null> {
    return this.#ffmpeg.exit.then(() => this.#relay.fault?.reason ?? null);
  }

  async stop(): Promise<void> {
    await this.#ffmpeg.stop();
    await this.#relay.close();
  }
}

function limitsOf({ decoder }: PictureSource): { readonly limits: Limits } {
  return { limits: { device: decoder.input.length > 0 } };
}

async function pictureArguments(url: string, source: PictureSource): Promise<string[]> {
  const { access, decoder, masks } = source;
  const size = liveSize(source.size);
  const camera: FfmpegInput = {
    url,
    foreign: RTSP_PROTOCOLS,
    options: [
      ...['-f', 'rtsp', '-rtsp_transport', access.transport, '-allowed_media_types', 'video'],
      ...['-timeout', String(SOCKET_TIMEOUT_US), '-fflags', 'nobuffer', '-flags', 'low_delay'],
      ...['-analyzeduration', '1000000', '-probesize', '500000', '-fpsprobesize', '0'],
      ...['-threads', '1', ...decoder.input],
    ],
  };
  const scaled = [
    ...decoder.filters,
    `fps=${LIVE_FPS}`,
    `scale=${size.width}:${size.height}`,
    'setsar=1',
  ].join(',');
  const inputs = masks.length === 0 ? [camera] : [camera, await maskInput(masks, size)];
  const graph =
    masks.length === 0
      ? `[0:v]${scaled},format=yuv420p[out]`
      : `[0:v]${scaled}[picture];[picture][1:v]overlay,format=yuv420p[out]`;
  return ffmpegArguments(inputs, [
    {
      target: 'pipe:1',
      options: ['-filter_complex', graph, '-map', '[out]', '-threads', '1', '-f', 'yuv4mpegpipe'],
    },
  ]);
}

/** At most 960 wide, the same shape, even sides as 4:2:0 needs them. */
function liveSize({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_WIDTH / width);
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

/** One picture, which `overlay` repeats. */
async function maskInput(masks: readonly NormalizedPolygon[], size: Size): Promise<FfmpegInput> {
  const png = await sharp(maskSvg(masks, size)).png().toBuffer();
  return {
    url: `data:image/png;base64,${png.toString('base64')}`,
    options: ['-f', 'png_pipe'],
    foreign: null,
  };
}
