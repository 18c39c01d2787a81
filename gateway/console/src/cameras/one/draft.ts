/**
 * What somebody has changed and not saved yet, step by step, so that each step can be taken back. Only what was touched is in it: what
 * somebody else saves meanwhile of the rest stays.
 */
import type { CameraSettings, NormalizedPoint, NormalizedPolygon } from '@roadwatch/contract';

export interface Changes {
  readonly fields: Partial<Omit<CameraSettings, 'masks'>>;
  /** Masks besides those that are saved. */
  readonly added: readonly NormalizedPolygon[];
}

const UNCHANGED: Changes = { fields: {}, added: [] };

export interface Draft {
  readonly now: Changes;
  readonly past: readonly Changes[];
}

export const NEW_DRAFT: Draft = { now: UNCHANGED, past: [] };
/** Far more than anybody takes back. */
const MAX_STEPS = 200;

/** `step`: false while something is being dragged, which is one step from its begin to its end. */
export function changed({ now, past }: Draft, next: Changes, step = true): Draft {
  return { now: next, past: step ? [...past, now].slice(-MAX_STEPS) : past };
}

export function undone({ now, past }: Draft): Draft {
  return { now: past.at(-1) ?? now, past: past.slice(0, -1) };
}

export function isChanged({ fields, added }: Changes): boolean {
  return added.length > 0 || Object.keys(fields).length > 0;
}

/** As it is to be saved. */
export function documentOf(saved: CameraSettings, { fields, added }: Changes): CameraSettings {
  return { ...saved, ...fields, masks: [...saved.masks, ...added] };
}

/** A hundredth of a percent of the picture: less is no pixel. */
function rounded(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

export function pointAt(x: number, y: number): NormalizedPoint {
  return [rounded(x), rounded(y)];
}

export function moved(
  shape: NormalizedPolygon,
  index: number,
  by: readonly [number, number],
): NormalizedPolygon {
  const [x, y] = shape[index] as NormalizedPoint;
  return shape.with(index, pointAt(x + by[0], y + by[1]));
}

/** Puts a corner into the side that it is next to; the first three simply follow each other. */
export function withCorner(shape: NormalizedPolygon, point: NormalizedPoint): NormalizedPolygon {
  if (shape.length < 3) return [...shape, point];
  const distances = shape.map((from, index) =>
    distance(point, from, shape[(index + 1) % shape.length] as NormalizedPoint),
  );
  return shape.toSpliced(distances.indexOf(Math.min(...distances)) + 1, 0, point);
}

/** For whoever has no mouse: in the middle of the side after a corner. */
export function withCornerAfter(shape: NormalizedPolygon, index: number): NormalizedPolygon {
  const from = shape[index] as NormalizedPoint;
  const to = shape[(index + 1) % shape.length] as NormalizedPoint;
  return shape.toSpliced(index + 1, 0, pointAt((from[0] + to[0]) / 2, (from[1] + to[1]) / 2));
}

/** Of a point from the side between two corners. */
function distance([x, y]: NormalizedPoint, [ax, ay]: NormalizedPoint, [bx, by]: NormalizedPoint): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** To begin with, where nobody has drawn anything: the lower middle, as most street cameras see a road. */
export const FIRST_ROAD: NormalizedPolygon = [
  [0.1, 0.95],
  [0.4, 0.4],
  [0.6, 0.4],
  [0.9, 0.95],
];
export const FIRST_MASK: NormalizedPolygon = [
  [0.02, 0.02],
  [0.2, 0.02],
  [0.2, 0.2],
  [0.02, 0.2],
];
