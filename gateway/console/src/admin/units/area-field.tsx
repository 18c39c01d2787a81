/** The part of the city that a unit looks after: all of it, drawn here, or sent as a file; the gateway checks it and keeps it. */
import type { AreaShape, Area as Kept, UnitSettings } from '@roadwatch/contract/api';
import { MAX_AREA_BYTES } from '@roadwatch/contract/settings-ranges.ts';
import { useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useFieldProblem } from '../settings/field.tsx';
import { useAdminTexts } from '../texts/index.ts';
import { AreaEditor } from './area-editor.tsx';
import { type Corner, type Plane, planeAround } from './plane.ts';

const MAX_DRAWN = 200;
/** The middle of China's east, when nothing at all has a place. */
const SOMEWHERE: Corner = [120.17, 30.21];

interface Props {
  readonly path: string;
  readonly area: UnitSettings['area'];
  readonly onChange: (area: UnitSettings['area']) => void;
}

interface Drawing {
  readonly corners: readonly Corner[];
  /** It stays while one draws. */
  readonly plane: Plane;
  /** Cameras on it, and how many there are; none where there are too many. */
  readonly places: readonly Corner[];
  readonly count: number;
}

export function AreaField({ path, area, onChange }: Props) {
  const texts = useAdminTexts();
  const api = useApi();
  const wrong = useFieldProblem(path);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isGcj02, setGcj02] = useState(false);
  const asked = useRef(0);

  const draw = async (): Promise<void> => {
    const mine = ++asked.current;
    const corners = area === null ? [] : cornersOf(await api.admin.area(area.sha256));
    setSaid(corners === null ? texts.area.intricate : null);
    if (corners === null) return setDrawing(null);
    const plane = corners.length > 0 ? planeAround(corners) : null;
    const { bounds, count, places } = await api.field.cameraPlaces(plane?.shown ?? null);
    const city: readonly Corner[] =
      bounds === null
        ? [SOMEWHERE]
        : [
            [bounds[0], bounds[1]],
            [bounds[2], bounds[3]],
          ];
    if (mine === asked.current) setDrawing({ corners, plane: plane ?? planeAround(city), places, count });
  };
  const put = (change: Partial<Drawing>): void =>
    setDrawing((latest) => (latest === null ? null : { ...latest, ...change }));
  /** At another part of the city, and which cameras stand there. */
  const look = async (plane: Plane): Promise<void> => {
    const mine = ++asked.current;
    put({ plane });
    const { count, places } = await api.field.cameraPlaces(plane.shown);
    // An answer to what was shown before is dropped.
    if (mine === asked.current) put({ count, places });
  };
  const keep = async (geojson: object, datum: 'wgs84' | 'gcj02'): Promise<void> => {
    setProblem(null);
    setSaid(null);
    try {
      const kept = await api.admin.sendArea(geojson, datum);
      onChange({ sha256: kept.sha256, points: kept.points });
      setSaid(sentence(kept));
      setDrawing(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const sentence = ({ squareKilometres, mended }: Kept): string =>
    [
      texts.area.size(squareKilometres.toFixed(squareKilometres < 10 ? 2 : 0)),
      ...mended.map((what) => texts.area.mended[what]),
    ].join(' · ');
  const send = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setProblem(null);
    if (file.size > MAX_AREA_BYTES) return setSaid(texts.area.large(MAX_AREA_BYTES / 1024 / 1024));
    const geojson = await file
      .text()
      .then(JSON.parse)
      .catch(() => null);
    if (typeof geojson !== 'object' || geojson === null) return setSaid(texts.area.notJson);
    return keep(geojson as object, isGcj02 ? 'gcj02' : 'wgs84');
  };
  const close = (corners: readonly Corner[]) => [...corners, ...corners.slice(0, 1)];
  return (
    <fieldset class="area">
      <legend>
        {texts.units.area}{' '}
        <small>{area === null ? texts.units.wholeCity : texts.units.points(area.points)}</small>
      </legend>
      <div class="bar">
        <button type="button" onClick={() => draw().catch((error) => setProblem(problemOf(error)))}>
          {texts.area.draw}
        </button>
        <label class="button">
          {texts.area.upload}
          <input
            class="unseen"
            type="file"
            accept=".json,.geojson,application/geo+json,application/json"
            onChange={({ currentTarget }) => {
              void send(currentTarget.files?.[0]);
              currentTarget.value = '';
            }}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={isGcj02} onChange={() => setGcj02(!isGcj02)} />
          {texts.area.datum}
        </label>
        {area === null ? null : (
          <button type="button" onClick={() => onChange(null)}>
            {texts.area.clear}
          </button>
        )}
        <span role="status">{said}</span>
      </div>
      {wrong === null ? null : <small class="problem">{wrong}</small>}
      <ProblemNote problem={problem} />
      {drawing === null ? null : (
        <>
          <AreaEditor
            {...drawing}
            onPush={(plane) => put({ plane })}
            onLook={(plane) => look(plane).catch((error) => setProblem(problemOf(error)))}
            onChange={(corners) => put({ corners })}
          />
          <button
            type="button"
            disabled={drawing.corners.length < 3}
            onClick={() => void keep({ type: 'Polygon', coordinates: [close(drawing.corners)] }, 'wgs84')}
          >
            {texts.area.check}
          </button>
        </>
      )}
    </fieldset>
  );
}

/** Of one polygon without holes; null for what cannot be drawn by hand. */
function cornersOf({ coordinates }: AreaShape): readonly Corner[] | null {
  const [polygon, more] = coordinates;
  const [ring, hole] = polygon ?? [];
  if (ring === undefined || more !== undefined || hole !== undefined || ring.length > MAX_DRAWN) return null;
  return ring.slice(0, -1);
}
