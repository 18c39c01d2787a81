/** What the header of a PMTiles archive says (specification, version 3): what its tiles are, and which part of the globe they show. */
import type { Bounds } from './geojson.ts';

const HEADER_BYTES = 127;
const VERSION = 3;
/** Vector tiles, and pictures. */
const TILE_TYPES: Readonly<Record<number, 'vector' | 'raster'>> = {
  1: 'vector',
  2: 'raster',
  3: 'raster',
  4: 'raster',
  5: 'raster',
};

/** `head` has the first bytes of the file, 127 at least. Throws one sentence. */
export function parsePmtiles(head: Buffer): Bounds {
  if (head.length < HEADER_BYTES || head.toString('latin1', 0, 7) !== 'PMTiles')
    throw new Error('is no PMTiles archive');
  if (head[7] !== VERSION) throw new Error(`is PMTiles of version ${head[7]}; expected ${VERSION}`);
  if (TILE_TYPES[head[99] as number] === undefined)
    throw new Error(`has tiles of type ${head[99]}; expected MVT, PNG, JPEG, WebP or AVIF`);
  const degrees = (at: number): number => head.readInt32LE(at) / 1e7;
  const bounds: Bounds = [degrees(102), degrees(106), degrees(110), degrees(114)];
  const [west, south, east, north] = bounds;
  if (!(west >= -180 && east <= 180 && south >= -90 && north <= 90 && west < east && south < north))
    throw new Error(`has the bounds ${bounds.join(', ')}; expected west, south, east, north in degrees`);
  return bounds;
}
