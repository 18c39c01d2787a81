/** Draws an area corner by corner on a plain plane; every corner can be typed, too. */
import { useRef, useState } from 'preact/hooks';
import { useAdminTexts } from '../texts/index.ts';
import { type Corner, HEIGHT, type Plane, pointOf, WIDTH } from './plane.ts';
import { usePush } from './use-push.ts';

interface Props {
  readonly corners: readonly Corner[];
  readonly plane: Plane;
  /** Cameras on it, by which one finds one's way; none where there are too many. */
  readonly places: readonly Corner[];
  /** How many there are on it. */
  readonly count: number;
  /** Is being pushed, and not let go yet. */
  readonly onPush: (plane: Plane) => void;
  /** Something else is to be shown. */
  readonly onLook: (plane: Plane) => void;
  readonly onChange: (corners: readonly Corner[]) => void;
}

export function AreaEditor({ corners, plane, places, count, onPush, onLook, onChange }: Props) {
  const { area: texts } = useAdminTexts();
  const svg = useRef<SVGSVGElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const sheet = usePush(plane, onPush, onLook);
  const placeOf = (event: MouseEvent): Corner => plane.toDegrees(...pointOf(svg.current, event));
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
          if (event.target === svg.current && !sheet.wasPushed()) onChange([...corners, placeOf(event)]);
        }}
        onPointerDown={(event) => {
          if (event.target === svg.current) sheet.take(svg.current, event);
        }}
        onPointerMove={(event) => {
          if (dragged !== null) onChange(corners.with(dragged, placeOf(event)));
          else sheet.push(event);
        }}
        onPointerUp={() => {
          setDragged(null);
          sheet.letGo();
        }}
        onPointerCancel={() => sheet.letGo()}
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
        <button type="button" onClick={() => onLook(plane.zoomed(2))}>
          {texts.nearer}
        </button>
        <button type="button" onClick={() => onLook(plane.zoomed(0.5))}>
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
