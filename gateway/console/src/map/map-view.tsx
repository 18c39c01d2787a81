/** The map in the page: loads what draws it, gives it the markers, and says why there is none. */
import type { MapGround } from '@roadwatch/contract/api';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { groundUrl } from '../shared/api/map.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import type { MapCanvas, Place } from './canvas/canvas.ts';
import type { Picked } from './canvas/pick.ts';
import type { Markers } from './markers.ts';
import { hasWebgl } from './webgl.ts';

export interface Hovered {
  readonly picked: Picked;
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly ground: MapGround;
  readonly markers: Markers;
  /** Called with the map once it is there, and with null when it goes. */
  readonly onCanvas: (canvas: MapCanvas | null) => void;
  readonly onPick: (picked: Picked) => void;
  readonly onHover: (hovered: Hovered | null) => void;
  /** Given, whoever clicks beside all things chooses a place, in the datum of the ground. */
  readonly onPlace?: (place: Place) => void;
}

type Trouble = 'webgl' | 'library' | 'ground';

export function MapView({ ground, markers, onCanvas, onPick, onHover, onPlace }: Props) {
  const { map: texts } = useTexts();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<MapCanvas | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const latest = useRef({ onPick, onHover, onPlace });
  useLayoutEffect(() => {
    latest.current = { onPick, onHover, onPlace };
  });

  useEffect(() => {
    let opened: MapCanvas | null = null;
    let over = false;
    const open = async (): Promise<void> => {
      if (!hasWebgl()) return setTrouble('webgl');
      // Larger than the rest of the console, so only whoever looks at a map loads it.
      const library = await import('./canvas/canvas.ts').catch(() => null);
      if (over || box.current === null) return;
      if (library === null) return setTrouble('library');
      opened = new library.MapCanvas(box.current, {
        ground: { about: ground, address: groundUrl, headers: {} },
        language,
        words: { zoomIn: texts.zoomIn, zoomOut: texts.zoomOut, map: texts.map },
        interactive: true,
        scale: 1,
        onPick: (picked) => latest.current.onPick(picked),
        onPlace: onPlace === undefined ? undefined : (place) => latest.current.onPlace?.(place),
        onHover: (picked, at) => latest.current.onHover(picked === null ? null : { picked, ...at }),
      });
      setCanvas(opened);
      onCanvas(opened);
      await opened.ready.catch(() => {
        if (!over) setTrouble('ground');
      });
    };
    void open();
    return () => {
      over = true;
      opened?.end();
      onCanvas(null);
      setCanvas(null);
      setTrouble(null);
    };
  }, [ground.version, language]);

  useEffect(() => canvas?.setMarkers(markers), [canvas, markers]);

  return (
    <div class={trouble === 'webgl' || trouble === 'library' ? 'map-box none' : 'map-box'}>
      <div class="map-canvas" ref={box} />
      {trouble === null ? null : (
        <p class="map-trouble" role="status">
          {texts.trouble[trouble]}
        </p>
      )}
    </div>
  );
}
