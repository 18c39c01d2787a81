/** Requests of the map: what is on it, and what lies below. */
import type { MapGround, MapMarkers } from '@roadwatch/contract/api';
import { at } from '../route/base.ts';
import type { Language } from '../texts/index.ts';
import type { Send } from './connection.ts';

export function mapRequests(send: Send) {
  return {
    /** All of it, or only what has changed since the `seq` of what there is. */
    markers: (language: Language, since: number | null): Promise<MapMarkers> =>
      send('GET', `/api/map?language=${language}${since === null ? '' : `&since=${since}`}`),
    ground: (): Promise<MapGround> => send('GET', '/api/map/ground'),
  };
}

/** Of a file of the ground. */
export function groundUrl(name: 'base' | 'grid' | 'areas'): string {
  return at(`/api/map/ground/${name}`);
}
