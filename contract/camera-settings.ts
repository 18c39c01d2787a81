/**
 * What a gateway may set for a camera: where the road lies in its picture, what nobody may see, how small damage may be, how sure the
 * model must be, and where on the map it stands. What cannot be meant is found here, by the same rules for whoever draws, sends or takes it.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { DAMAGE_CLASSES, type DamageClass } from './damage-class.ts';
import { NormalizedPolygon, Position, polygonContains } from './geometry.ts';

export const MAX_MASKS = 32;

const closed = { additionalProperties: false } as const;
const Fraction = Type.Number({ minimum: 0, maximum: 1 });

/** The smallest box that counts, a fraction of the height of the picture; between the two edges, linear. */
export const MinBoxHeight = Type.Object(
  {
    top: Type.Number({ minimum: 0, maximum: 1, description: 'at the top edge of the picture' }),
    bottom: Type.Number({ minimum: 0, maximum: 1, description: 'at the bottom edge' }),
  },
  {
    ...closed,
    description: 'the smallest box that counts, a fraction of the height; between the two, linear',
  },
);
export type MinBoxHeight = Static<typeof MinBoxHeight>;

/** By class, of those that become alerts: the score from which new damage counts. */
export type Thresholds = Readonly<Partial<Record<DamageClass, number>>>;
export const Thresholds = Type.Unsafe<Thresholds>(
  Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter(({ alerts }) => alerts).map(({ name }) => [name, Type.Optional(Fraction)]),
    ),
    {
      ...closed,
      description: 'by damage class, the score from which new damage counts; never below the model’s own',
    },
  ),
);

function OrNull<Schema extends TSchema>(schema: Schema, description: string) {
  return Type.Unsafe<Static<Schema> | null>(Type.Union([schema, Type.Null()], { description }));
}

const OWN = 'null: as the configuration of the box has it';

export const CAMERA_SETTINGS = {
  road: OrNull(NormalizedPolygon, OWN),
  masks: Type.Unsafe<readonly NormalizedPolygon[]>(
    Type.Array(NormalizedPolygon, {
      maxItems: MAX_MASKS,
      description: 'besides those that the box has: none is ever taken away from here',
    }),
  ),
  minBoxHeight: OrNull(MinBoxHeight, OWN),
  thresholds: Thresholds,
  position: OrNull(Position, OWN),
  headingDegrees: OrNull(Type.Number({ minimum: 0, exclusiveMaximum: 360 }), OWN),
  fieldOfViewDegrees: OrNull(Type.Number({ exclusiveMinimum: 0, maximum: 180 }), OWN),
} as const;

export const CameraSettings = Type.Object(CAMERA_SETTINGS, { title: 'CameraSettings' });
export type CameraSettings = Static<typeof CameraSettings>;

/** One thing to mend: which field, and what of it. */
export interface ShapeProblem {
  /** Such as `road` or `masks[0]`. */
  readonly path: string;
  readonly en: string;
  readonly zh: string;
}

/** A hundredth of a percent of the picture: 96 pixels of 1280 x 720. */
const LEAST_AREA = 0.0001;
/** Points looked at across and down. */
const GRID = 100;

/** Polygons without an inside, and a road or a whole picture that nobody may see. */
export function shapeProblems({
  road,
  masks,
}: {
  readonly road?: NormalizedPolygon | null | undefined;
  readonly masks: readonly NormalizedPolygon[];
}): readonly ShapeProblem[] {
  const shapes: [string, NormalizedPolygon][] = masks.map((mask, index) => [`masks[${index}]`, mask]);
  if (road) shapes.unshift(['road', road]);
  const problems = shapes.flatMap(([path, polygon]) => {
    const wrong = polygonProblem(polygon);
    return wrong === null ? [] : [{ path, ...wrong }];
  });
  if (problems.length === 0 && isAllHidden(road ?? undefined, masks))
    problems.push(road ? ROAD_HIDDEN : ALL_HIDDEN);
  return problems;
}

const ALL_HIDDEN: ShapeProblem = {
  path: 'masks',
  en: 'hide the whole picture, so that nothing can be seen',
  zh: '遮住了整个画面，什么也看不到',
};
const ROAD_HIDDEN: ShapeProblem = {
  path: 'road',
  en: 'lies wholly under the masks, so that no damage can be seen',
  zh: '完全被隐私遮罩盖住，无法发现病害',
};

function polygonProblem(polygon: NormalizedPolygon): Omit<ShapeProblem, 'path'> | null {
  if (polygon.length < 3)
    return {
      en: `has ${polygon.length} corners; expected 3 or more`,
      zh: `只有 ${polygon.length} 个顶点，至少需要 3 个`,
    };
  const sides = polygon.map((from, i) => [from, polygon[(i + 1) % polygon.length] as Point] as const);
  // Neighbours share a corner.
  for (const [i, [a, b]] of sides.entries())
    for (const [j, [c, d]] of sides.entries())
      if (j > i + 1 && !(i === 0 && j === sides.length - 1) && cross(a, b, c, d))
        return {
          en: `its sides cross (from corner ${i + 1} and from corner ${j + 1}); give the corners in their order around it`,
          zh: `边线交叉（第 ${i + 1} 点与第 ${j + 1} 点的边），请按顺序沿边缘标点`,
        };
  const area = sides.reduce((sum, [[x0, y0], [x1, y1]]) => sum + (x0 * y1 - x1 * y0) / 2, 0);
  return Math.abs(area) < LEAST_AREA
    ? { en: 'has no area; give the corners of a shape', zh: '没有面积，请围出一个区域' }
    : null;
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

/** Those of `masks` that are not among `others`, corner by corner. */
export function masksWithout(
  masks: readonly NormalizedPolygon[],
  others: readonly NormalizedPolygon[],
): readonly NormalizedPolygon[] {
  const known = new Set(others.map((mask) => JSON.stringify(mask)));
  return masks.filter((mask) => !known.has(JSON.stringify(mask)));
}
