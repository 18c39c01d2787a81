/** What ffmpeg is told so that it writes pictures as the model wants them. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import type { FfmpegOutput } from '../ffmpeg/process.ts';
import { farFilters } from '../frame/far-crop.ts';
import { fitFilters } from '../frame/letterbox.ts';
import type { Size } from '../frame/size.ts';

/** Keyframes only, or every frame, of which so many a second are kept. */
export type Decode = { readonly kind: 'keyframes' } | { readonly kind: 'all'; readonly fps: number };

/** Decoded frames in the model's format on pipe:1, each told on the log with its time. */
export function frameOutput(
  input: Manifest['input'],
  decode: Decode,
  decoder: DecoderOptions,
  far: NormalizedBox | null,
  shape: Size | null = null,
): FfmpegOutput {
  const thin =
    decode.kind === 'all'
      ? [`select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${0.96 / decode.fps})`]
      : [];
  const fit = fitFilters(input);
  const shown = far === null ? fit : farFilters(far, fit);
  const reshape = shape === null ? [] : [`setdar=${shape.width / shape.height}`];
  const filters = [...decoder.filters, ...thin, ...reshape, 'showinfo=checksum=0', shown].join(',');
  return {
    target: 'pipe:1',
    options: [
      ...['-map', '0:v:0', '-vf', filters, '-fps_mode', 'passthrough'],
      // The encoder of raw video runs in frame threads by default, which hold back one frame: a keyframe interval.
      ...['-threads', '1', '-flush_packets', '1', '-f', 'rawvideo'],
    ],
  };
}
