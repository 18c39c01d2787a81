/** One kind of model output: what shape it has, and how its numbers become boxes. */
import type { Manifest } from '@roadwatch/models';
import type { PixelBox } from '../box.ts';
import { endToEndBoxes } from './boxes.ts';
import { yolov8 } from './yolov8.ts';
import { yolox } from './yolox.ts';

export interface OutputKind {
  /** A sentence on what is wrong with the shape, or null when it fits. `undefined` entries are free dimensions. */
  misfit(shape: readonly (number | undefined)[], manifest: Manifest): string | null;
  /** Boxes at or above their class's threshold (or `floor`, where given), after suppression. */
  decode(
    data: Float32Array,
    shape: readonly number[],
    manifest: Manifest,
    thresholds: readonly number[],
  ): PixelBox[];
}

/** To add an output kind: a file beside this one, a line here, and its name in models/manifest.ts. */
export const OUTPUT_KINDS: Readonly<Record<Manifest['output']['kind'], OutputKind>> = {
  boxes: endToEndBoxes,
  yolox,
  yolov8,
};
