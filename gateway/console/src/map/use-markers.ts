/** The markers of the map, brought up to date as things change. */
import { useContext, useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { ChangesContext } from '../shared/changes/changes.ts';
import type { Language } from '../shared/texts/index.ts';
import { type Markers, NO_MARKERS, withChanges } from './markers.ts';

/** Changes that come together are one question. */
const SETTLE_MS = 250;
/** Every agent says every half minute how it is, and as a rule nothing has changed by it. */
const AGENTS_MS = 10_000;
/** Events tell of changes at once; this only mends what an unseen fault has let slip. */
const SAFETY_MS = 60_000;

export interface LoadedMarkers {
  /** Null until they have come. */
  readonly markers: Markers | null;
  readonly problem: Problem | null;
}

export function useMarkers(language: Language): LoadedMarkers {
  const api = useApi();
  const listen = useContext(ChangesContext);
  const [loaded, setLoaded] = useState<LoadedMarkers>({ markers: null, problem: null });

  useEffect(() => {
    let over = false;
    let known: Markers | null = null;
    let asking = false;
    let again = false;
    let waiting: { readonly timer: ReturnType<typeof setTimeout>; readonly at: number } | null = null;

    const ask = async (): Promise<void> => {
      waiting = null;
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      again = false;
      try {
        const told = await api.map.markers(language, known?.seq ?? null);
        known = withChanges(known ?? NO_MARKERS, told);
        if (!over) setLoaded({ markers: known, problem: null });
      } catch (error) {
        if (!over) setLoaded({ markers: known, problem: problemOf(error) });
      }
      asking = false;
      if (again && !over) soon(SETTLE_MS);
    };
    const soon = (ms: number): void => {
      const at = performance.now() + ms;
      if (waiting !== null && waiting.at <= at) return;
      if (waiting !== null) clearTimeout(waiting.timer);
      waiting = { timer: setTimeout(ask, ms), at };
    };

    void ask();
    const stop = listen((kind) => {
      if (kind !== 'refused-message' && kind !== 'fleet') soon(kind === 'agent' ? AGENTS_MS : SETTLE_MS);
    });
    const safety = setInterval(() => soon(0), SAFETY_MS);
    return () => {
      over = true;
      stop();
      clearInterval(safety);
      if (waiting !== null) clearTimeout(waiting.timer);
    };
  }, [api, listen, language]);
  return loaded;
}
