/** The position of a row, and as the API shows it: WGS 84, and beside it GCJ-02 for whoever draws it on a Chinese web map. */
import { type Position, toGcj02 } from '@roadwatch/contract';
import type { PositionView } from '@roadwatch/contract/api';

/** As rows have it: both, or neither. */
interface Placed {
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export function positionOf({ latitude, longitude }: Placed): Position | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

export function positionView(row: Placed): PositionView | null {
  const position = positionOf(row);
  if (position === null) return null;
  const gcj02 = toGcj02(position);
  return {
    ...position,
    gcj02: { latitude: rounded(gcj02.latitude), longitude: rounded(gcj02.longitude) },
  };
}

/** To a centimetre. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(7));
}
