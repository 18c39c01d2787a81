/** Where cameras are, and nothing else of them: for whoever draws on a plane by which they find their way. */
import { type CameraState, toWgs84 } from '@roadwatch/contract';
import { type CameraPlaces, MAX_CAMERA_PLACES } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Bounds } from '../geo/geojson.ts';
import type { Tables } from '../store/tables/index.ts';

/** Within these bounds, in WGS 84, or of the whole city. */
export async function cameraPlaces(db: Kysely<Tables>, within: Bounds | null): Promise<CameraPlaces> {
  const rows = await db.selectFrom('cameras').select('state').where('state', 'is not', null).execute();
  const places = rows.flatMap(({ state }): (readonly [number, number])[] => {
    const { position } = JSON.parse(state as string) as CameraState;
    if (position === undefined) return [];
    const { longitude, latitude } = toWgs84(position);
    return isWithin(longitude, latitude, within) ? [[longitude, latitude]] : [];
  });
  return {
    count: places.length,
    bounds: boundsOf(places),
    places: places.length > MAX_CAMERA_PLACES ? [] : places,
  };
}

function isWithin(longitude: number, latitude: number, within: Bounds | null): boolean {
  if (within === null) return true;
  const [west, south, east, north] = within;
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north;
}

function boundsOf(places: readonly (readonly [number, number])[]): CameraPlaces['bounds'] {
  if (places.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude, latitude] of places) {
    west = Math.min(west, longitude);
    south = Math.min(south, latitude);
    east = Math.max(east, longitude);
    north = Math.max(north, latitude);
  }
  return [west, south, east, north];
}
