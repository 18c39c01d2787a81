/** A camera as pictures for people: decoded, scaled, privacy masks painted in, a steady rate. YUV4MPEG2 on a pipe. */
import type { NormalizedPolygon } from '@roadwatch/contract';
import sharp from 'sharp';
import { Ffmpeg, type FfmpegInput, ffmpegArguments } from '../camera/ffmpeg.ts';
import type { DecoderOptions } from '../camera/hardware.ts';
import type { Size } from '../detect/box.ts';
import { maskSvg } from '../evidence/privacy.ts';

export interface PictureSource {
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly decoder: DecoderOptions;
  /** The camera's own resolution. */
  readonly size: Size;
  readonly masks: readonly NormalizedPolygon[];
}

/** MPEG-1 knows this rate (ISO/IEC 11172-2, 2.4.3.2) and street cameras have it. */
export const LIVE_FPS = 25;
const MAX_WIDTH = 960;
const SOCKET_TIMEOUT_US = 10_000_000;

export async function startPictures(source: PictureSource): Promise<Ffmpeg> {
  const { url, transport, decoder, masks } = source;
  const size = liveSize(source.size);
  const camera: FfmpegInput = {
    url,
    options: [
      ...['-rtsp_transport', transport, '-allowed_media_types', 'video'],
      ...['-timeout', String(SOCKET_TIMEOUT_US), '-fflags', 'nobuffer', '-flags', 'low_delay'],
      ...['-analyzeduration', '1000000', '-probesize', '500000', '-fpsprobesize', '0'],
      ...['-threads', '1', ...decoder.input],
    ],
  };
  const scaled = [...decoder.filters, `fps=${LIVE_FPS}`, `scale=${size.width}:${size.height}`].join(',');
  const inputs = masks.length === 0 ? [camera] : [camera, await maskInput(masks, size)];
  const graph =
    masks.length === 0
      ? `[0:v]${scaled},format=yuv420p[out]`
      : `[0:v]${scaled}[picture];[picture][1:v]overlay,format=yuv420p[out]`;
  return new Ffmpeg(
    ffmpegArguments(inputs, [
      {
        target: 'pipe:1',
        options: ['-filter_complex', graph, '-map', '[out]', '-threads', '1', '-f', 'yuv4mpegpipe'],
      },
    ]),
  );
}

/** At most 960 wide, the same shape, even sides as 4:2:0 needs them. */
export function liveSize({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_WIDTH / width);
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

/** One picture, which `overlay` repeats. */
async function maskInput(masks: readonly NormalizedPolygon[], size: Size): Promise<FfmpegInput> {
  const png = await sharp(maskSvg(masks, size)).png().toBuffer();
  return { url: `data:image/png;base64,${png.toString('base64')}`, options: ['-f', 'png_pipe'] };
}
