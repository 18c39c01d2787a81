/** A position, broken only between its halves, that leads to a map of another window. */
import { useLanguage } from './language.ts';
import { mapLink, positionText } from './position.ts';
import type { Position } from './types.ts';

export function Place({ position }: { readonly position: Position }) {
  const [north, east] = positionText(position);
  return (
    <a href={mapLink(position, useLanguage())} target="_blank" rel="noreferrer noopener">
      <span class="whole">{north}</span> <span class="whole">{east}</span>
    </a>
  );
}
