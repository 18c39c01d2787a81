/** A position as people write it, without a map: `30.20840° N` and `120.21230° E`. */
import type { Position } from './types.ts';

export function positionText({ latitude, longitude }: Position): readonly [string, string] {
  const part = (degrees: number, positive: string, negative: string): string =>
    `${Math.abs(degrees).toFixed(5)}° ${degrees < 0 ? negative : positive}`;
  return [part(latitude, 'N', 'S'), part(longitude, 'E', 'W')];
}
