/** What fits the schema and still cannot be meant: polygons without an inside, a road that nobody may see, a place elsewhere. */
import { type NormalizedPolygon, type Position, polygonContains, toGcj02 } from '@roadwatch/contract';

interface Checked {
  readonly name: { readonly zh: string };
  readonly road?: NormalizedPolygon;
  readonly masks: readonly NormalizedPolygon[];
  readonly position?: Position | undefined;
}

/** A hundredth of a percent of the picture: 96 pixels of 1280 x 720. */
const LEAST_AREA = 0.0001;
/** Points looked at across and down. */
const GRID = 100;

/** One sentence for each thing to mend, beginning with its key. */
export function cameraProblems({ name, road, masks, position }: Checked): readonly string[] {
  const shapes: [string, NormalizedPolygon][] = masks.map((mask, index) => [`masks[${index}]`, mask]);
  if (road !== undefined) shapes.unshift(['road', road]);
  const problems = shapes.flatMap(([field, polygon]) => {
    const wrong = polygonProblem(polygon);
    return wrong === null ? [] : [`${field}: ${wrong}`];
  });
  // Some bytes of GBK are UTF-8 as well, of another script.
  if (/[^ -~]/.test(name.zh) && !/\p{Script=Han}/u.test(name.zh))
    problems.push('name.zh: none of its letters is Chinese; was the file saved in GBK? Save it as UTF-8');
  if (problems.length === 0 && isAllHidden(road, masks))
    problems.push(
      road === undefined
        ? 'masks: hide the whole picture, so that nothing can be seen'
        : 'road: lies wholly under the masks, so that no damage can be seen',
    );
  if (position?.datum === 'gcj02' && isOutsideChina(position))
    problems.push('position.datum: gcj02 is used in China only, and this place is not there; expected wgs84');
  return problems;
}

function polygonProblem(polygon: NormalizedPolygon): string | null {
  const sides = polygon.map((from, i) => [from, polygon[(i + 1) % polygon.length]] as const);
  // Neighbours share a corner.
  for (const [i, [a, b]] of sides.entries())
    for (const [j, [c, d]] of sides.entries())
      if (j > i + 1 && !(i === 0 && j === sides.length - 1) && cross(a, b as Point, c, d as Point))
        return `its sides cross (from corner ${i + 1} and from corner ${j + 1}); give the corners in their order around it`;
  const area = sides.reduce((sum, [[x0, y0], to]) => {
    const [x1, y1] = to as Point;
    return sum + (x0 * y1 - x1 * y0) / 2;
  }, 0);
  return Math.abs(area) < LEAST_AREA ? 'has no area; give the corners of a shape' : null;
}

type Point = NormalizedPolygon[number];

/** Whether each of two sides has the ends of the other on both of its sides. */
function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  const turn = (p: Point, q: Point, r: Point): number =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

function isAllHidden(road: NormalizedPolygon | undefined, masks: readonly NormalizedPolygon[]): boolean {
  if (masks.length === 0) return false;
  let looked = false;
  for (let i = 0; i < GRID * GRID; i++) {
    const point = [((i % GRID) + 0.5) / GRID, (Math.floor(i / GRID) + 0.5) / GRID] as const;
    if (road !== undefined && !polygonContains(road, point)) continue;
    if (!masks.some((mask) => polygonContains(mask, point))) return false;
    looked = true;
  }
  return looked;
}

/** There, the datum shifts nothing. */
function isOutsideChina(position: Position): boolean {
  const { latitude, longitude } = toGcj02(position);
  return latitude === position.latitude && longitude === position.longitude;
}
