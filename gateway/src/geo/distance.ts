/** Distances on the ground, and its division into cells, in WGS 84 degrees and metres. */
import type { Position } from '@roadwatch/contract';

const EARTH_RADIUS_M = 6_371_008.8;
const METRES_PER_DEGREE = (Math.PI / 180) * EARTH_RADIUS_M;
/** About a kilometre: wide beside any merge radius, so that a circle touches few cells. */
const CELL_DEGREES = 0.01;

/** Great-circle distance (haversine). */
export function metresBetween(a: Position, b: Position): number {
  const rad = Math.PI / 180;
  const north = Math.sin(((b.latitude - a.latitude) * rad) / 2) ** 2;
  const east = Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2;
  const h = north + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * east;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Degrees that lie at most `metres` to the north or south of a position. */
export function latitudesAround({ latitude }: Position, metres: number): readonly [number, number] {
  const reach = metres / METRES_PER_DEGREE;
  return [latitude - reach, latitude + reach];
}

/**
 * The names of the cells that the square around a circle touches. Two positions at most `metres` apart have a cell in common:
 * the cell of either lies in the square around the other.
 */
export function cellsAround(position: Position, metres: number): string[] {
  const [south, north] = latitudesAround(position, metres);
  const steepest = Math.min(89, Math.max(Math.abs(south), Math.abs(north)));
  const reach = metres / (METRES_PER_DEGREE * Math.cos((steepest * Math.PI) / 180));
  const cells: string[] = [];
  for (let row = cell(south); row <= cell(north); row++)
    for (let column = cell(position.longitude - reach); column <= cell(position.longitude + reach); column++)
      cells.push(`${row}.${column}`);
  return cells;
}

function cell(degrees: number): number {
  return Math.floor(degrees / CELL_DEGREES);
}
