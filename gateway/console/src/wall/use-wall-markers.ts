/** What is on the wall's map, asked for by the wall's token: once whole, then what has changed each time something has. */
import type { MapGround, MapMarkers } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { GroundSource } from '../map/canvas/ground.ts';
import { type Markers, NO_MARKERS, withChanges } from '../map/markers.ts';
import { at } from '../shared/route/base.ts';
import { headersOf } from './use-wall.ts';

const ADDRESS = '/api/wall/map';
const TIMEOUT_MS = 15_000;

export interface WallMarkers {
  /** Null until they have come. */
  readonly ground: GroundSource | null;
  readonly markers: Markers | null;
  /** Until when they are known to be as the gateway has them. */
  readonly freshAt: string | null;
}

/** `seq`: the number of the newest change, as it was at `at`; null: not known yet. */
export function useWallMarkers(token: string, seq: number | null, at: string | null): WallMarkers {
  const [shown, setShown] = useState<WallMarkers>({ ground: null, markers: null, freshAt: null });
  const asking = useRef(false);

  // With every word of the gateway, so that what could not be had is asked for again.
  useEffect(() => {
    if (seq === null || asking.current) return;
    const { markers } = shown;
    if (markers !== null && markers.seq >= seq) {
      setShown((before) => ({ ...before, freshAt: at }));
      return;
    }
    asking.current = true;
    const ask = async (): Promise<void> => {
      try {
        const ground = shown.ground ?? groundSource(await get<MapGround>(token, '/ground'), headersOf(token));
        const told = await get<MapMarkers>(token, markers === null ? '' : `?since=${markers.seq}`);
        setShown({ ground, markers: withChanges(markers ?? NO_MARKERS, told), freshAt: at });
      } catch {
        // The tile says how old it is.
      } finally {
        asking.current = false;
      }
    };
    void ask();
  }, [token, seq, at]);
  return shown;
}

function groundSource(about: MapGround, headers: GroundSource['headers']): GroundSource {
  return { about, headers, address: (name) => at(`${ADDRESS}/ground/${name}`) };
}

async function get<T>(token: string, path: string): Promise<T> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(at(`${ADDRESS}${path}`), { headers: headersOf(token), signal });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}
