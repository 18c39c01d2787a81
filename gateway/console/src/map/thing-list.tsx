/** The list beside the map, for whoever cannot see or use a map: reached by the keyboard, searched, and led from to every thing. */
import { useMemo, useState } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';
import type { MapCanvas } from './canvas/canvas.ts';
import type { Markers } from './markers.ts';
import { ThingRow } from './thing-row.tsx';
import { countThings, listThings, placeOf, type ThingKind } from './things.ts';

interface Props {
  readonly markers: Markers;
  readonly kind: ThingKind;
  /** Those of one place; null: all. */
  readonly only: readonly string[] | null;
  readonly now: number;
  readonly canvas: MapCanvas | null;
  readonly onKind: (kind: ThingKind) => void;
  readonly onAll: () => void;
}

const KINDS: readonly ThingKind[] = ['alert', 'ticket', 'camera'];

export function ThingList({ markers, kind, only, now, canvas, onKind, onAll }: Props) {
  const { map: texts } = useTexts();
  const [search, setSearch] = useState('');
  const counts = countThings(markers, now);
  const { things, more } = useMemo(
    () => listThings(markers, { kind, search, only }),
    [markers, kind, search, only],
  );
  const numbers = { alert: counts.alerts, ticket: counts.tickets, camera: counts.cameras };
  const notes = {
    alert: null,
    ticket: counts.late > 0 ? texts.late(counts.late) : null,
    camera: counts.trouble > 0 ? texts.notSeeing(counts.trouble) : null,
  };
  return (
    <div class="map-list">
      <div class="map-kinds">
        {KINDS.map((each) => (
          <button type="button" key={each} aria-pressed={each === kind} onClick={() => onKind(each)}>
            {texts.kinds[each]} <b class="figures">{numbers[each]}</b>
            {notes[each] === null ? null : <small class="late">{notes[each]}</small>}
          </button>
        ))}
      </div>
      {only === null ? (
        <input
          type="search"
          value={search}
          placeholder={texts.search}
          aria-label={texts.search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      ) : (
        <p class="bar">
          <strong>{texts.here(only.length)}</strong>
          <button type="button" onClick={onAll}>
            {texts.all}
          </button>
        </p>
      )}
      <ul class="things" aria-label={texts.kindTitle[kind]}>
        {things.map((thing) => (
          <ThingRow
            key={thing.id}
            thing={thing}
            now={now}
            showable={canvas !== null}
            onShow={() => canvas?.show(placeOf(thing))}
            onLook={(looking) => canvas?.mark(looking ? placeOf(thing) : null)}
          />
        ))}
        {things.length === 0 ? (
          <li class="hint">{search === '' ? texts.none[kind] : texts.notFound}</li>
        ) : null}
        {more > 0 ? <li class="hint">{texts.more(more)}</li> : null}
        {markers.more ? <li class="hint">{texts.cut}</li> : null}
      </ul>
    </div>
  );
}
