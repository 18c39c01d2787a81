/** Draws an area corner by corner on a plain plane; every corner can be typed, too. */
import { useRef, useState } from 'preact/hooks';
import { useAdminTexts } from '../texts/index.ts';
import { type Corner, HEIGHT, type Plane, WIDTH } from './plane.ts';

interface Props {
  readonly corners: readonly Corner[];
  readonly plane: Plane;
  /** Cameras on it, by which one finds one's way; none where there are too many. */
  readonly places: readonly Corner[];
  /** How many there are on it. */
  readonly count: number;
  /** So many times as large. */
  readonly onZoom: (by: number) => void;
  readonly onChange: (corners: readonly Corner[]) => void;
}

export function AreaEditor({ corners, plane, places, count, onZoom, onChange }: Props) {
  const { area: texts } = useAdminTexts();
  const svg = useRef<SVGSVGElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const placeOf = ({ clientX, clientY }: MouseEvent): Corner => {
    const box = (svg.current as SVGSVGElement).getBoundingClientRect();
    return plane.toDegrees(
      ((clientX - box.left) / box.width) * WIDTH,
      ((clientY - box.top) / box.height) * HEIGHT,
    );
  };
  const outline = corners.map((corner) => plane.toPlane(corner).join(',')).join(' ');
  return (
    <div class="area-editor">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: corners are typed below it, too */}
      <svg
        ref={svg}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={texts.plane}
        onClick={(event) => {
          if (event.target === svg.current) onChange([...corners, placeOf(event)]);
        }}
        onPointerMove={(event) => {
          if (dragged !== null) onChange(corners.with(dragged, placeOf(event)));
        }}
        onPointerUp={() => setDragged(null)}
        onPointerLeave={() => setDragged(null)}
      >
        {places.map((place) => {
          const [x, y] = plane.toPlane(place);
          return <circle key={place.join()} class="place" cx={x} cy={y} r={2.5} />;
        })}
        <polygon class="outline" points={outline} />
        {corners.map((corner, index) => {
          const [x, y] = plane.toPlane(corner);
          return (
            <circle key={index} class="corner" cx={x} cy={y} r={7} onPointerDown={() => setDragged(index)} />
          );
        })}
      </svg>
      <div class="bar">
        <button type="button" onClick={() => onZoom(2)}>
          {texts.nearer}
        </button>
        <button type="button" onClick={() => onZoom(0.5)}>
          {texts.wider}
        </button>
        <span role="status">{count > places.length ? texts.many(count) : ''}</span>
      </div>
      <p class="hint">{texts.hint}</p>
      <Corners corners={corners} middle={plane.toDegrees(WIDTH / 2, HEIGHT / 2)} onChange={onChange} />
    </div>
  );
}

interface CornersProps extends Pick<Props, 'corners' | 'onChange'> {
  readonly middle: Corner;
}

function Corners({ corners, middle, onChange }: CornersProps) {
  const texts = useAdminTexts();
  const typed = (index: number, axis: 0 | 1, text: string): void => {
    const degrees = Number(text);
    const corner = corners[index] as Corner;
    if (Number.isFinite(degrees))
      onChange(corners.with(index, axis === 0 ? [degrees, corner[1]] : [corner[0], degrees]));
  };
  return (
    <ol class="corners">
      {corners.map((corner, index) => (
        <li key={index} class="bar">
          {([0, 1] as const).map((axis) => (
            <input
              key={axis}
              type="number"
              step="any"
              aria-label={`${texts.area.corner(index + 1)}: ${axis === 0 ? texts.area.longitude : texts.area.latitude}`}
              value={corner[axis]}
              onChange={({ currentTarget }) => typed(index, axis, currentTarget.value)}
            />
          ))}
          <button type="button" class="quiet" onClick={() => onChange(corners.toSpliced(index, 1))}>
            {texts.remove}
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={() => onChange([...corners, corners.at(-1) ?? middle])}>
          {texts.add}
        </button>
      </li>
    </ol>
  );
}
