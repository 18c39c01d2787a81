/** The map: cameras, alerts and tickets where they are, and beside it the same things as a list. */
import type { User } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { problemText } from '../shared/api/problem-text.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { navigate } from '../shared/route/route.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import type { MapCanvas } from './canvas/canvas.ts';
import type { Picked } from './canvas/pick.ts';
import { Legend } from './legend.tsx';
import { type Hovered, MapView } from './map-view.tsx';
import { NO_MARKERS } from './markers.ts';
import { ThingList } from './thing-list.tsx';
import { ThingText } from './thing-row.tsx';
import { listThings, pathOf, type ThingKind } from './things.ts';
import { useMarkers } from './use-markers.ts';
import { Walls } from './walls/walls.tsx';

export function MapPage({ user }: { readonly user: User }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const now = useNow();
  const ground = useLoaded(() => api.map.ground(), [], 'ground');
  const { markers, problem } = useMarkers(language);
  const [canvas, setCanvas] = useState<MapCanvas | null>(null);
  const [kind, setKind] = useState<ThingKind>('alert');
  const [only, setOnly] = useState<readonly string[] | null>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const shown = markers ?? NO_MARKERS;

  const pick = ({ kind: picked, ids }: Picked): void => {
    const [first] = ids;
    if (ids.length === 1 && first !== undefined) {
      navigate(at(pathOf(picked, first)));
      return;
    }
    setKind(picked);
    setOnly(ids);
  };
  const changeKind = (chosen: ThingKind): void => {
    setKind(chosen);
    setOnly(null);
  };
  // What is pointed at may go meanwhile.
  useEffect(() => canvas?.mark(null), [canvas, kind, only]);

  return (
    <section class="map-page">
      <h1 class="unseen">{texts.pages.map}</h1>
      <ThingList
        markers={shown}
        kind={kind}
        only={only}
        now={now}
        canvas={canvas}
        onKind={changeKind}
        onAll={() => setOnly(null)}
      />
      <div class="map-side">
        {ground.value === null ? (
          <LoadedPage loaded={ground} empty={false} none="" noneHint="">
            {null}
          </LoadedPage>
        ) : (
          <MapView
            ground={ground.value}
            markers={shown}
            onCanvas={setCanvas}
            onPick={pick}
            onHover={setHovered}
          />
        )}
        {problem === null ? null : (
          <p class="map-trouble" role="status">
            {texts.map.stale} {problemText(problem, texts)}
          </p>
        )}
        <div class="map-tools">
          {canvas === null ? null : (
            <button type="button" onClick={() => canvas.fit()}>
              {texts.map.whole}
            </button>
          )}
          <Walls user={user} />
        </div>
        {canvas === null ? null : <Legend />}
        {hovered === null ? null : <Tooltip hovered={hovered} markers={shown} now={now} />}
      </div>
    </section>
  );
}

interface TooltipProps {
  readonly hovered: Hovered;
  readonly markers: Parameters<typeof listThings>[0];
  readonly now: number;
}

function Tooltip({ hovered: { picked, x, y }, markers, now }: TooltipProps) {
  const [thing] = listThings(markers, { kind: picked.kind, search: '', only: picked.ids }).things;
  if (thing === undefined) return null;
  return (
    <div class="map-tooltip" style={{ left: `${x}px`, top: `${y}px` }} aria-hidden="true">
      <ThingText thing={thing} now={now} />
    </div>
  );
}
