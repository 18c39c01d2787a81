/** How large a picture is, and of which shape it is to be seen. */

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture as its stream describes it: pixels need not be square. */
export interface CodedSize extends Size {
  /** Width of a pixel through its height. */
  readonly pixelAspect: number;
}

/** What no camera has is no shape but damage. */
export const MAX_ASPECT = 8;

/** The shape of a pixel in the expressions of ffmpeg's scale filter; 1 where it is not to be believed. */
export const PIXEL_ASPECT = `if(between(sar,1/${MAX_ASPECT},${MAX_ASPECT}),sar,1)`;

/** The picture as it is to be seen, with square pixels and no line or column less; not rounded. */
export function displaySize({ width, height, pixelAspect: aspect }: CodedSize): Size {
  return { width: width * Math.max(1, aspect), height: height / Math.min(1, aspect) };
}
