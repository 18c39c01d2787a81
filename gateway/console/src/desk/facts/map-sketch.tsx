/** A sketch of the place: the alert in the middle, north above, what may be one with it by its digit. No map is needed for that. */
import type { Alert } from '@roadwatch/contract/api';
import { useTexts } from '../../shared/texts/language.ts';
import type { Neighbour } from '../desk-state.ts';
import { offsetOf, ringsFor } from './sketch.ts';

interface Props {
  readonly alert: Alert;
  readonly neighbours: readonly Neighbour[];
}

/** Of the drawing's own units, of which the outer ring has this many as radius. */
const R = 100;

export function MapSketch({ alert, neighbours }: Props) {
  const { sketch } = useTexts();
  const { position } = alert;
  if (position === null) return null;
  const places = neighbours.flatMap((neighbour, index) =>
    neighbour.position === null ? [] : [{ ...offsetOf(position, neighbour.position), digit: index + 1 }],
  );
  const [outer, inner] = ringsFor(places);
  const scale = R / outer;
  return (
    <svg class="sketch" viewBox="-170 -112 340 224" role="img" aria-label={sketch.name(places.length, outer)}>
      <circle class="ring" r={R} />
      <circle class="ring" r={R / 2} />
      <path class="ring" d="M0-112V112M-170 0H170" />
      <text x="4" y="-102">
        {sketch.north}
      </text>
      <text x={R + 3} y="-3">
        {sketch.metres(outer)}
      </text>
      <text x={R / 2 + 3} y="-3">
        {sketch.metres(inner)}
      </text>
      {places.map(({ x, y, digit }) => (
        <g key={digit} transform={`translate(${x * scale} ${y * scale})`}>
          <circle class="other" r="9" />
          <text class="digit" y="4">
            {digit}
          </text>
        </g>
      ))}
      <circle class="self" r="6" />
    </svg>
  );
}
