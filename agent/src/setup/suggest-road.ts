/**
 * A first guess at where the road is, for a person to look at: upwards from the middle of the lower edge, as far as the picture keeps
 * the colour that it has there. It knows nothing of roads. A bonnet, a shadow or a pavement of the same grey mislead it, so it is
 * offered and never used by itself; where the guess is no shape that a road has, there is none.
 */
import type { NormalizedPolygon } from '@roadwatch/contract';
import sharp from 'sharp';

const WIDTH = 160;
const HEIGHT = 90;
/** Where road is looked for first: around the middle, a little above the edge, where cameras write their names. */
const SEED = { left: 0.35, right: 0.65, top: 0.78, bottom: 0.92 } as const;
/** Of red, green and blue, in levels: asphalt is of one hue, and lighter or darker by light. */
const HUE_TOLERANCE = 22;
const LIGHT_TOLERANCE = 45;
/** Rows narrower than this are no road any more, nor those above the middle of most pictures. */
const LEAST_WIDTH = 0.04;
const HIGHEST_ROW = 0.25;
/** Of the picture: less is a speck, more is all of it. */
const LEAST_AREA = 0.06;
const MOST_AREA = 0.85;
/** Its far end through its near one, at most. */
const COMES_TOGETHER = 0.8;
const CORNER_ROWS = 5;

interface Row {
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

/** Null where nothing can be suggested. Throws what sharp says of a picture that cannot be read. */
export async function suggestRoad(picture: Buffer): Promise<NormalizedPolygon | null> {
  const pixels = await sharp(picture)
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .blur(1.2)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return roadIn(pixels);
}

/** `pixels`: packed RGB of 160 x 90. */
function roadIn(pixels: Uint8Array): NormalizedPolygon | null {
  const isRoad = likeTheSeed(pixels);
  const rows: Row[] = [];
  let centre = WIDTH / 2;
  for (let y = HEIGHT - 1; y >= HIGHEST_ROW * HEIGHT; y--) {
    const row = spanAround(isRoad, y, centre);
    if (row === null || (row.right - row.left) / WIDTH < LEAST_WIDTH) {
      // What is written over the picture, or a bonnet, may hide the lowest rows.
      if (rows.length === 0 && y > 0.75 * HEIGHT) continue;
      break;
    }
    rows.push(row);
    centre = (row.left + row.right) / 2;
  }
  const area = rows.reduce((sum, { left, right }) => sum + right - left, 0) / (WIDTH * HEIGHT);
  const [lowest, highest] = [rows[0], rows.at(-1)];
  if (lowest === undefined || highest === undefined || area < LEAST_AREA || area > MOST_AREA) return null;
  // A road comes together in the distance; what does not is something else.
  if (highest.right - highest.left > COMES_TOGETHER * (lowest.right - lowest.left)) return null;
  return corners(rows);
}

function likeTheSeed(pixels: Uint8Array): (x: number, y: number) => boolean {
  const at = (x: number, y: number) => {
    const i = (y * WIDTH + x) * 3;
    const [r, g, b] = [pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number];
    return { light: (r + g + b) / 3, warm: r - b, green: g - (r + b) / 2 };
  };
  const seeds = [];
  for (let y = Math.round(SEED.top * HEIGHT); y < SEED.bottom * HEIGHT; y++)
    for (let x = Math.round(SEED.left * WIDTH); x < SEED.right * WIDTH; x++) seeds.push(at(x, y));
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
  const light = median(seeds.map((seed) => seed.light));
  const warm = median(seeds.map((seed) => seed.warm));
  const green = median(seeds.map((seed) => seed.green));
  return (x, y) => {
    const pixel = at(x, y);
    return (
      Math.abs(pixel.light - light) <= LIGHT_TOLERANCE &&
      Math.abs(pixel.warm - warm) <= HUE_TOLERANCE &&
      Math.abs(pixel.green - green) <= HUE_TOLERANCE
    );
  };
}

/** The run of road in a row that holds the middle of the row below, over gaps such as a lane's markings. */
function spanAround(isRoad: (x: number, y: number) => boolean, y: number, centre: number): Row | null {
  const gap = Math.round(0.04 * WIDTH);
  const reach = (step: 1 | -1): number => {
    let last = -1;
    for (let x = Math.round(centre), missed = 0; x >= 0 && x < WIDTH && missed <= gap; x += step)
      if (isRoad(x, y)) [last, missed] = [x, 0];
      else missed++;
    return last;
  };
  const [left, right] = [reach(-1), reach(1)];
  return left < 0 || right < 0 ? null : { y, left, right: right + 1 };
}

/** The shape by a few of its rows, so that a person can move its corners. */
function corners(rows: readonly Row[]): NormalizedPolygon {
  const picked = Array.from({ length: CORNER_ROWS }, (_, index) => {
    const at = Math.round((index * (rows.length - 1)) / (CORNER_ROWS - 1));
    const near = rows.slice(Math.max(0, at - 2), at + 3);
    const median = (values: number[]): number =>
      values.toSorted((a, b) => a - b)[values.length >> 1] as number;
    const row = rows[at] as Row;
    return {
      y: index === 0 ? 1 : row.y / HEIGHT,
      left: median(near.map(({ left }) => left)) / WIDTH,
      right: median(near.map(({ right }) => right)) / WIDTH,
    };
  });
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return [
    ...picked.map(({ left, y }) => [round(left), round(y)] as [number, number]),
    ...picked.toReversed().map(({ right, y }) => [round(right), round(y)] as [number, number]),
  ];
}
