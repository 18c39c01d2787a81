/**
 * A PMTiles archive (specification, version 3) of a few shapes, written byte by byte: one directory, nothing compressed. Its reader in
 * the browser is the library of those who wrote the specification; its tiles are made by MapLibre's own tools.
 */
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Position } from '@roadwatch/contract';

const HEADER_BYTES = 127;
const NONE = 1;
const MVT = 1;
/** Beyond it a browser enlarges. */
const MAX_ZOOM = 14;

/** `water`: half a side of a square around a place, in degrees. */
export function pmtilesOfSquare({ latitude, longitude }: Position, water: number): Buffer {
  const west = longitude - water;
  const south = latitude - water;
  const east = longitude + water;
  const north = latitude + water;
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const shapes = new GeoJSONVT(
    {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { kind: 'water' },
          geometry: { type: 'Polygon', coordinates: [ring] },
        },
      ],
    },
    { maxZoom: MAX_ZOOM, indexMaxZoom: MAX_ZOOM, indexMaxPoints: 0, extent: 4096 },
  );
  const tiles = tilesOver([west, south, east, north])
    .flatMap(({ z, x, y }) => {
      const tile = shapes.getTile(z, x, y);
      const id = tileId(z, x, y);
      return tile === null
        ? []
        : [{ id, bytes: Buffer.from(fromGeojsonVt({ water: tile }, { version: 2 })) }];
    })
    .sort((one, other) => one.id - other.id);
  const directory = directoryOf(tiles);
  const metadata = Buffer.from(JSON.stringify({ vector_layers: [{ id: 'water', fields: {} }] }));
  const data = Buffer.concat(tiles.map(({ bytes }) => bytes));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 'latin1');
  header[7] = 3;
  const parts = [directory, metadata, Buffer.alloc(0), data];
  let offset = HEADER_BYTES;
  for (const [index, part] of parts.entries()) {
    header.writeBigUInt64LE(BigInt(offset), 8 + 16 * index);
    header.writeBigUInt64LE(BigInt(part.length), 16 + 16 * index);
    offset += part.length;
  }
  for (const at of [72, 80, 88]) header.writeBigUInt64LE(BigInt(tiles.length), at);
  header.set([1, NONE, NONE, MVT, 0, MAX_ZOOM], 96);
  for (const [index, degrees] of [west, south, east, north].entries())
    header.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * index);
  header[118] = MAX_ZOOM;
  header.writeInt32LE(Math.round(longitude * 1e7), 119);
  header.writeInt32LE(Math.round(latitude * 1e7), 123);
  return Buffer.concat([header, ...parts]);
}

/** Web Mercator, as all tiles are. */
function tilesOver([west, south, east, north]: readonly [number, number, number, number]) {
  const across = (longitude: number, z: number) => Math.floor(((longitude + 180) / 360) * 2 ** z);
  const down = (latitude: number, z: number) => {
    const sine = Math.sin((latitude * Math.PI) / 180);
    return Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
  };
  const found: { readonly z: number; readonly x: number; readonly y: number }[] = [];
  for (let z = 0; z <= MAX_ZOOM; z++)
    for (let x = across(west, z); x <= across(east, z); x++)
      for (let y = down(north, z); y <= down(south, z); y++) found.push({ z, x, y });
  return found;
}

/** Ids, run lengths, lengths and offsets, one list after the other; an offset of 0 follows on the tile before. */
function directoryOf(tiles: readonly { readonly id: number; readonly bytes: Buffer }[]): Buffer {
  const ids = tiles.map(({ id }, index) => id - (tiles[index - 1]?.id ?? 0));
  const lengths = tiles.map(({ bytes }) => bytes.length);
  const offsets = tiles.map((_tile, index) => (index === 0 ? 1 : 0));
  return Buffer.from([tiles.length, ...ids, ...tiles.map(() => 1), ...lengths, ...offsets].flatMap(varint));
}

/** As protocol buffers have it. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return [...bytes, left];
}

/** Tiles are counted along a Hilbert curve, zoom after zoom. */
function tileId(z: number, x: number, y: number): number {
  let id = (4 ** z - 1) / 3;
  let [column, row] = [x, y];
  for (let side = 2 ** z / 2; side >= 1; side /= 2) {
    const [right, lower] = [(column & side) > 0 ? 1 : 0, (row & side) > 0 ? 1 : 0];
    id += side * side * ((3 * right) ^ lower);
    if (lower === 0) {
      if (right === 1) [column, row] = [side - 1 - column, side - 1 - row];
      [column, row] = [row, column];
    }
  }
  return id;
}
