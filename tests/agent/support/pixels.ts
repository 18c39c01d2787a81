/** What is in a picture of evidence, and what has been drawn into it. */
import sharp from 'sharp';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Of the brightest channel. */
  at(x: number, y: number): number;
}

export async function pixelsOf(jpeg: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    at: (x, y) => Math.max(...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)),
  };
}

/** The first and the last column in which two pictures differ on a row, which is a fraction of the height. */
export function columnsThatDiffer(a: Pixels, b: Pixels, atHeight: number): readonly [number, number] {
  const y = Math.round(atHeight * a.height);
  const differ = Array.from({ length: a.width }, (_, x) => x).filter(
    (x) => Math.abs(a.at(x, y) - b.at(x, y)) > 40,
  );
  return [differ[0] ?? Number.NaN, differ.at(-1) ?? Number.NaN];
}
