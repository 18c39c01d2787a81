/** What every kind of model output has to do. */
import type { Manifest } from '@roadwatch/models';
import type { PixelBox } from '../box.ts';

/** What of a manifest says how an output is read, whatever the classes are. */
export type Described = Pick<Manifest, 'input' | 'output' | 'nmsIou'> & {
  readonly classes: readonly unknown[];
};

export interface OutputKind {
  /** A sentence on what is wrong with the shape, or null when it fits. `undefined` entries are free dimensions. */
  misfit(shape: readonly (number | undefined)[], manifest: Described): string | null;
  /** Boxes at or above their class's threshold (or `floor`, where given), after suppression. */
  decode(
    data: Float32Array,
    shape: readonly number[],
    manifest: Described,
    thresholds: readonly number[],
  ): PixelBox[];
}
