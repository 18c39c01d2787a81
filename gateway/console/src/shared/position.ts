/** A position as people write it: `30.20840° N` and `120.21230° E`. */
import type { Language } from './texts/index.ts';
import type { Position } from './types.ts';

/**
 * Where a map shows it: for readers of Chinese a map in GCJ-02 (AMap, URI API `marker`), for others one in WGS 84
 * (OpenStreetMap, `mlat` and `mlon`).
 */
export function mapLink({ latitude, longitude, gcj02 }: Position, language: Language): string {
  if (language === 'zh' && gcj02 !== undefined)
    return `https://uri.amap.com/marker?position=${gcj02.longitude},${gcj02.latitude}&coordinate=gaode`;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=18/${latitude}/${longitude}`;
}

export function positionText({ latitude, longitude }: Position): readonly [string, string] {
  const part = (degrees: number, positive: string, negative: string): string =>
    `${Math.abs(degrees).toFixed(5)}° ${degrees < 0 ? negative : positive}`;
  return [part(latitude, 'N', 'S'), part(longitude, 'E', 'W')];
}
