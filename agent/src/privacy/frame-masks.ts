/**
 * A camera's privacy masks, painted into each frame before anything looks at it: what is under them is seen by nobody, neither the
 * gate nor the model.
 */
import type { NormalizedBox, NormalizedPolygon } from '@roadwatch/contract';
import type { Frame, FramePool } from '../frame/pool.ts';
import type { Size } from '../frame/size.ts';
import { paintSpans, polygonSpans, polygonsIn, type Span } from './paint.ts';

/** The masks in a picture of this size. */
interface Laid {
  readonly size: Size;
  readonly spans: readonly Span[];
}

const WHOLE: NormalizedBox = [0, 0, 1, 1];

export class FrameMasks {
  readonly #pool: FramePool;
  readonly #pad: number;
  #masks: readonly NormalizedPolygon[];
  #whole: Laid | null = null;
  #far: Laid | null = null;

  /** `pad`: the tone that they are painted in, of the model's input. */
  constructor(masks: readonly NormalizedPolygon[], pool: FramePool, pad: number) {
    this.#masks = masks;
    this.#pool = pool;
    this.#pad = pad;
  }

  /** For the frames that come from now on. */
  set(masks: readonly NormalizedPolygon[]): void {
    this.#masks = masks;
    this.#whole = null;
    this.#far = null;
  }

  /** Changes the frame's pixels, and those of its enlarged part. */
  paint({ slot, content, far }: Frame): void {
    this.#whole = this.#laid(this.#whole, content, WHOLE);
    this.#paint(slot, this.#whole);
    if (far === undefined) return;
    this.#far = this.#laid(this.#far, far.content, far.window);
    this.#paint(far.slot, this.#far);
  }

  /** The picture of a camera may change its shape. */
  #laid(before: Laid | null, size: Size, window: NormalizedBox): Laid {
    if (before !== null && before.size.width === size.width && before.size.height === size.height)
      return before;
    return { size, spans: polygonSpans(polygonsIn(window, this.#masks), size) };
  }

  #paint(slot: number, { spans }: Laid): void {
    paintSpans(this.#pool.pixels(slot), spans, this.#pool.format, this.#pad);
  }
}
