/** Where on the picture damage may lie, and what nobody may see. */
import { type NormalizedBox, type NormalizedPolygon, polygonContains } from '@roadwatch/contract';

export interface Region {
  /** All of the picture when it is not given. */
  readonly road?: NormalizedPolygon | undefined;
  readonly masks: readonly NormalizedPolygon[];
  /** The smallest height that counts at the top and at the bottom edge, fractions of the height. */
  readonly minBoxHeight?: { readonly top: number; readonly bottom: number } | undefined;
}

/** Whether the middle of a box is covered by a mask. */
export function isMasked({ masks }: Pick<Region, 'masks'>, [x, y, width, height]: NormalizedBox): boolean {
  return masks.some((mask) => polygonContains(mask, [x + width / 2, y + height / 2]));
}

/** Whether a box lies on the road, outside the masks, and is large enough for its row. */
export function liesOnRoad(region: Region, box: NormalizedBox): boolean {
  const centre = [box[0] + box[2] / 2, box[1] + box[3] / 2] as const;
  if (region.road !== undefined && !polygonContains(region.road, centre)) return false;
  if (isMasked(region, box)) return false;
  if (region.minBoxHeight === undefined) return true;
  const { top, bottom } = region.minBoxHeight;
  return box[3] >= top + (bottom - top) * centre[1];
}

/** Which cells of a grid of so many columns and rows lie on the road, row by row. */
export function roadCells(
  road: NormalizedPolygon | undefined,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly boolean[] {
  return Array.from({ length: columns * rows }, (_, i) => {
    const centre = [((i % columns) + 0.5) / columns, (Math.floor(i / columns) + 0.5) / rows] as const;
    return road === undefined || polygonContains(road, centre);
  });
}
