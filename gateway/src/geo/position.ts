/** A position as the API shows it: WGS 84, and beside it GCJ-02 for whoever draws it on a Chinese web map. */
import { type Position, toGcj02 } from '@roadwatch/contract';

export interface PositionView {
  readonly latitude: number;
  readonly longitude: number;
  readonly gcj02: Position;
}

export function positionView({
  latitude,
  longitude,
}: {
  readonly latitude: number | null;
  readonly longitude: number | null;
}): PositionView | null {
  if (latitude === null || longitude === null) return null;
  const gcj02 = toGcj02({ latitude, longitude });
  return {
    latitude,
    longitude,
    gcj02: { latitude: rounded(gcj02.latitude), longitude: rounded(gcj02.longitude) },
  };
}

/** To a centimetre. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(7));
}
