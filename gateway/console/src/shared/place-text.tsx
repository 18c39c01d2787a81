/** A position, broken only between its halves. */
import { positionText } from './position.ts';
import type { Position } from './types.ts';

export function Place({ position }: { readonly position: Position }) {
  const [north, east] = positionText(position);
  return (
    <>
      <span class="whole">{north}</span> <span class="whole">{east}</span>
    </>
  );
}
