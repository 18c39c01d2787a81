/** The map on the wall: looks over the whole city, and goes for some seconds to where damage has just been seen. */
import type { MapAlert } from '@roadwatch/contract/api';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { MapCanvas } from '../map/canvas/canvas.ts';
import { type Markers, stateOf } from '../map/markers.ts';
import { hasWebgl } from '../map/webgl.ts';
import { cameraTone } from '../shared/camera-tone.ts';
import { Say, SpokenContext } from './language.tsx';
import { TEXTS } from './texts.ts';
import type { WallMarkers } from './use-wall-markers.ts';

const STAY_MS = 12_000;
/** Of what is read from five metres signs are twice as large as on a desk, on any screen. */
const DESK_REM = 8;

export function WallMap({ ground, markers }: Omit<WallMarkers, 'freshAt'>) {
  const spoken = useContext(SpokenContext);
  const box = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<MapCanvas | null>(null);
  const [canDraw, setCanDraw] = useState(true);

  useEffect(() => {
    if (ground === null) return undefined;
    let opened: MapCanvas | null = null;
    let over = false;
    const open = async (): Promise<void> => {
      const library = hasWebgl() ? await import('../map/canvas/canvas.ts').catch(() => null) : null;
      if (over || box.current === null) return;
      setCanDraw(library !== null);
      if (library === null) return;
      opened = new library.MapCanvas(box.current, {
        ground,
        language: spoken === 'en' ? 'en' : 'zh',
        words: { zoomIn: '', zoomOut: '', map: TEXTS.map[spoken === 'en' ? 'en' : 'zh'] },
        interactive: false,
        scale: remPixels() / DESK_REM,
        onPick: () => {},
        onHover: () => {},
      });
      setCanvas(opened);
      // Streets that are missing are seen to be missing; the places are right.
      await opened.ready.catch(() => {});
    };
    void open();
    return () => {
      over = true;
      opened?.end();
      setCanvas(null);
    };
  }, [ground, spoken]);

  useEffect(() => {
    if (canvas !== null && markers !== null) canvas.setMarkers(markers);
  }, [canvas, markers]);
  useNewAlerts(markers, canvas);

  return (
    <>
      <div class="map-canvas" ref={box} />
      {canDraw && markers !== null ? null : (
        <p class="tile-waiting">
          <Say text={canDraw ? TEXTS.waiting : TEXTS.noMap} />
        </p>
      )}
      {markers === null ? null : <CameraCount markers={markers} />}
    </>
  );
}

function CameraCount({ markers: { cameras, offline } }: { readonly markers: Markers }) {
  const seeing = [...cameras.values()].filter(
    (camera) => cameraTone(stateOf(camera, offline)) === 'good',
  ).length;
  return (
    <p class="camera-count">
      <span class="camera-number figures">{cameras.size}</span> <Say text={TEXTS.cameras} inline />
      <span>
        <span class="camera-number figures">{seeing}</span> <Say text={TEXTS.seeing} inline />
      </span>
    </p>
  );
}

/** Goes to what is new, stays a while, and looks over the city again. */
function useNewAlerts(markers: Markers | null, canvas: MapCanvas | null): void {
  const known = useRef<ReadonlySet<string> | null>(null);
  const back = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (markers === null) return;
    // What comes while the map is still being drawn is new once it is.
    known.current ??= new Set(markers.alerts.keys());
    if (canvas === null) return;
    const fresh = newAlerts(known.current, markers.alerts);
    known.current = new Set(markers.alerts.keys());
    for (const alert of fresh) canvas.pulse(alert, STAY_MS / 1000);
    const latest = fresh.at(-1);
    if (latest === undefined) return;
    canvas.show(latest, 2);
    clearTimeout(back.current);
    back.current = setTimeout(() => {
      canvas.mark(null);
      canvas.fit();
    }, STAY_MS);
  }, [markers, canvas]);
  useEffect(() => () => clearTimeout(back.current), [canvas]);
}

function newAlerts(known: ReadonlySet<string>, alerts: ReadonlyMap<string, MapAlert>): MapAlert[] {
  return [...alerts.values()].filter(({ id }) => !known.has(id));
}

function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
