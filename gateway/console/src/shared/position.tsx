/** A position as people write it, `30.20840° N` and `120.21230° E`, and where a map shows it. */
import type { PositionView } from '@roadwatch/contract/api';
import type { Language } from './texts/index.ts';
import { useLanguage } from './texts/language.ts';

type Degrees = Pick<PositionView, 'latitude' | 'longitude'>;

/**
 * Where a map shows it: for readers of Chinese a map in GCJ-02 (AMap, URI API `marker`), for others one in WGS 84
 * (OpenStreetMap, `mlat` and `mlon`).
 */
export function mapLink({ latitude, longitude, gcj02 }: PositionView, language: Language): string {
  if (language === 'zh')
    return `https://uri.amap.com/marker?position=${gcj02.longitude},${gcj02.latitude}&coordinate=gaode`;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=18/${latitude}/${longitude}`;
}

export function positionText({ latitude, longitude }: Degrees): readonly [string, string] {
  const part = (degrees: number, positive: string, negative: string): string =>
    `${Math.abs(degrees).toFixed(5)}° ${degrees < 0 ? negative : positive}`;
  return [part(latitude, 'N', 'S'), part(longitude, 'E', 'W')];
}

/** A position, broken only between its halves, that leads to a map of another window. */
export function Place({ position }: { readonly position: PositionView }) {
  const [north, east] = positionText(position);
  return (
    <a href={mapLink(position, useLanguage())} target="_blank" rel="noreferrer noopener">
      <span class="whole">{north}</span> <span class="whole">{east}</span>
    </a>
  );
}
