/** Whether two boxes of one camera are the same place on the road. */
import { intersectionOverUnion, type NormalizedBox } from '@roadwatch/contract';
import type { DetectionRow } from '../../store/tables/alerts.ts';

export interface MergeRule {
  /** Boxes that overlap by at least this share of their union are one place ... */
  readonly mergeIou: number;
  /** ... and so are boxes whose centres are at most this far apart, in fractions of the frame. */
  readonly mergeDistance: number;
}

/** Cells across the frame: small enough that two boxes with their centres in one cell are always taken for one place. */
const CELLS = 32;

export function placeKey(box: NormalizedBox): string {
  const [x, y] = centre(box);
  const cell = (at: number): number => Math.min(CELLS - 1, Math.floor(at * CELLS));
  return `${cell(x)}.${cell(y)}`;
}

/** The candidate that is at the same place as the box, the nearest if there are several. */
export function samePlace<T extends { readonly box: NormalizedBox }>(
  candidates: readonly T[],
  box: NormalizedBox,
  rule: MergeRule,
): T | null {
  const near = candidates
    .map((candidate) => ({ candidate, distance: distance(candidate.box, box) }))
    .filter(
      (entry) =>
        placeKey(entry.candidate.box) === placeKey(box) ||
        entry.distance <= rule.mergeDistance ||
        intersectionOverUnion(entry.candidate.box, box) >= rule.mergeIou,
    )
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate ?? null;
}

function centre([x, y, width, height]: NormalizedBox): readonly [number, number] {
  return [x + width / 2, y + height / 2];
}

function distance(a: NormalizedBox, b: NormalizedBox): number {
  const [ax, ay] = centre(a);
  const [bx, by] = centre(b);
  return Math.hypot(ax - bx, ay - by);
}

export function boxOf(row: Pick<DetectionRow, 'box_x' | 'box_y' | 'box_w' | 'box_h'>): NormalizedBox {
  return [row.box_x, row.box_y, row.box_w, row.box_h];
}
