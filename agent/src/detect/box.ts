/** What the model says of one frame. */
import type { DamageClass, NormalizedBox } from '@roadwatch/contract';

export interface Box {
  readonly damageClass: DamageClass;
  /** Whether the class may become a detection; `repair` may not, but tells the tracker what lies there. */
  readonly alert: boolean;
  /** 0 to 1, at or above the class's threshold in the manifest. */
  readonly score: number;
  /** Fractions of the full frame, inside it. */
  readonly box: NormalizedBox;
}

/** A box in pixels of the model's input, before it is fitted to the frame. */
export interface PixelBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly score: number;
  readonly classIndex: number;
}
