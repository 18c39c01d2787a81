/** Whether the border of a polygon crosses itself: a sweep from west to east, in which each side meets those that it lies beside. */
import { AreaProblem } from './area.ts';

type Point = readonly [x: number, y: number];
type Ring = readonly Point[];

interface Side {
  readonly ring: number;
  readonly index: number;
  /** Sides of its ring. */
  readonly of: number;
  readonly from: Point;
  readonly to: Point;
}

/** Borders as cities have them need some to a side; what needs more is none, and would hold the gateway up. */
const MAX_COMPARED = 20_000_000;

/** About where it does; null when it does not. Rings are closed and have no point twice in a row. Throws AreaProblem. */
export function crossing(rings: readonly Ring[]): Point | null {
  const sides = rings
    .flatMap((ring, number) =>
      ring.slice(1).map((to, index): Side => {
        return { ring: number, index, of: ring.length - 1, from: ring[index] as Point, to };
      }),
    )
    .sort((a, b) => westOf(a) - westOf(b));
  let compared = 0;
  let beside: Side[] = [];
  for (const side of sides) {
    const west = westOf(side);
    beside = beside.filter((other) => eastOf(other) >= west);
    compared += beside.length;
    if (compared > MAX_COMPARED)
      throw new AreaProblem('area_points_many', 'its border is too intricate to be checked');
    if (beside.some((other) => doMeet(side, other))) return side.from;
    beside.push(side);
  }
  return null;
}

const westOf = ({ from, to }: Side): number => Math.min(from[0], to[0]);
const eastOf = ({ from, to }: Side): number => Math.max(from[0], to[0]);

/** Whether two sides cross, or lie on each other; that two rings touch at a point is allowed. */
function doMeet(a: Side, b: Side): boolean {
  const [d1, d2] = [turn(a.from, a.to, b.from), turn(a.from, a.to, b.to)];
  const [d3, d4] = [turn(b.from, b.to, a.from), turn(b.from, b.to, a.to)];
  if (d1 * d2 < 0 && d3 * d4 < 0) return true;
  const inLine = d1 === 0 && d2 === 0;
  if (inLine) return overlap(a, b);
  // An end of one on the inside of the other: within one ring the border meets itself there.
  return (
    a.ring === b.ring &&
    !areNeighbours(a, b) &&
    (d1 * d2 === 0 || d3 * d4 === 0) &&
    doTouch(a, b, [d1, d2, d3, d4])
  );
}

/** Positive when `c` lies to the left of the way from `a` to `b`. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function areNeighbours(a: Side, b: Side): boolean {
  const apart = Math.abs(a.index - b.index);
  return a.ring === b.ring && (apart === 1 || apart === a.of - 1);
}

/** Of two sides in one line: whether they share more than a point. */
function overlap(a: Side, b: Side): boolean {
  const axis = Math.abs(a.to[0] - a.from[0]) >= Math.abs(a.to[1] - a.from[1]) ? 0 : 1;
  const [a1, a2] = [a.from[axis], a.to[axis]].sort((x, y) => x - y) as [number, number];
  const [b1, b2] = [b.from[axis], b.to[axis]].sort((x, y) => x - y) as [number, number];
  return Math.min(a2, b2) - Math.max(a1, b1) > 0;
}

/** Of two sides that are not in one line: whether an end of one lies on the other. */
function doTouch(a: Side, b: Side, [d1, d2, d3, d4]: readonly [number, number, number, number]): boolean {
  const within = ({ from, to }: Side, point: Point): boolean =>
    [0, 1].every((axis) => {
      const [low, high] = [from[axis] as number, to[axis] as number].sort((x, y) => x - y) as [
        number,
        number,
      ];
      return (point[axis] as number) >= low && (point[axis] as number) <= high;
    });
  return (
    (d1 === 0 && within(a, b.from)) ||
    (d2 === 0 && within(a, b.to)) ||
    (d3 === 0 && within(b, a.from)) ||
    (d4 === 0 && within(b, a.to))
  );
}
