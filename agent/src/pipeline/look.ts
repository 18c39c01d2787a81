/** A frame that has come back from the model: what the steps behind it go by. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Planes } from '../frame/cut.ts';
import { liesFar } from '../frame/far-crop.ts';
import type { Frame, FramePool } from '../frame/pool.ts';
import type { LumaGrid } from '../gate/luma.ts';
import type { UsualLook } from '../gate/usual-look.ts';
import type { Brightness } from '../verify/place-look.ts';

export interface Look {
  readonly atMs: number;
  /** The view that it shows. */
  readonly view: string;
  readonly grid: LumaGrid;
  /** How the view looks when nothing passes. */
  readonly usual: UsualLook;
  readonly brightness: Brightness;
  /** The picture itself. */
  readonly planes: Planes;
  /** Whether a place lies in a part that was to be looked at enlarged, and was not. */
  isMissed(box: NormalizedBox): boolean;
}

/** Valid as long as the frame's slot is. `missed`: the part that was not looked at enlarged. */
export function lookOf(
  frame: Frame,
  pool: FramePool,
  view: string,
  { grid, usual }: Pick<Look, 'grid' | 'usual'>,
  missed: NormalizedBox | null,
): Look {
  const pixels = pool.pixels(frame.slot);
  return {
    atMs: frame.capturedAtMs,
    view,
    grid,
    usual,
    brightness: { plane: pixels, stride: pool.format.width, size: frame.content },
    planes: { pixels, format: pool.format, content: frame.content },
    isMissed: (box) => missed !== null && liesFar(box, missed),
  };
}
