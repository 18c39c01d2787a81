/** How a picture is to be encoded. */
import type { Codec } from './nal.ts';

export interface EncoderSettings {
  readonly codec: Codec;
  readonly fps: number;
  /** Seconds from one keyframe to the next. */
  readonly gopSeconds: number;
  /** Kilobits a second; without it, constant quality. */
  readonly bitrateKbps?: number;
}

export const DEFAULT_ENCODER: EncoderSettings = { codec: 'h264', fps: 12.5, gopSeconds: 2 };
