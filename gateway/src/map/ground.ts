/** What lies below the markers, as files: the city's base map, its grid, and the areas of its units, all in the datum of the map. */
import { sha256 } from '@roadwatch/contract';
import type { MapGround } from '@roadwatch/contract/api';
import type { Config } from '../config/config.ts';
import type { MapConfig } from '../config/map.ts';
import { type Bounds, shifted } from '../geo/geojson.ts';

type GroundFileName = 'base' | 'grid' | 'areas';

/** `text` is GeoJSON; an archive of tiles is read from its file, in parts. */
type GroundFile =
  | { readonly kind: 'geojson'; readonly text: string }
  | { readonly kind: 'pmtiles'; readonly file: string };

export interface GroundFiles {
  readonly about: MapGround;
  file(name: GroundFileName): GroundFile | null;
}

type Lies = Pick<Config, 'map' | 'areas' | 'units'>;

/** The ground of now. It is made anew only when units or areas have changed, since a base map may be large. */
export function currentGround(config: Lies): () => GroundFiles {
  let made: { readonly of: Lies; readonly files: GroundFiles } | null = null;
  return () => {
    const { map, areas, units } = config;
    if (made === null || made.of.areas !== areas || made.of.units !== units)
      made = { of: { map, areas, units }, files: groundFiles({ map, areas, units }) };
    return made.files;
  };
}

function groundFiles({ map, areas, units }: Lies): GroundFiles {
  const files: Readonly<Record<GroundFileName, GroundFile | null>> = {
    base: map.base,
    grid: map.grid === null ? null : { kind: 'geojson', text: map.grid.text },
    areas: areas.size === 0 ? null : { kind: 'geojson', text: areasText(map, areas, units) },
  };
  return {
    about: {
      datum: map.datum,
      base: map.base?.kind ?? null,
      grid: files.grid !== null,
      areas: files.areas !== null,
      attribution: map.attribution,
      bounds: map.base?.bounds ?? map.grid?.bounds ?? boundsOf(map, areas),
      version: sha256(JSON.stringify(Object.values(files))).slice(0, 16),
    },
    file: (name) => files[name],
  };
}

function areasText(map: MapConfig, areas: Config['areas'], units: Config['units']): string {
  const features = [...areas].map(([id, area]) => {
    const name = units.find((unit) => unit.id === id)?.name ?? { en: id, zh: id };
    const coordinates = area.map(({ rings }) =>
      rings.map((ring) => ring.map((point) => shifted(point, 'wgs84', map.datum))),
    );
    return {
      type: 'Feature',
      geometry: { type: 'MultiPolygon', coordinates },
      properties: { unit: id, en: name.en, zh: name.zh },
    };
  });
  return JSON.stringify({ type: 'FeatureCollection', features });
}

function boundsOf(map: MapConfig, areas: Config['areas']): Bounds | null {
  const boxes = [...areas.values()].flat();
  if (boxes.length === 0) return null;
  const [west, south] = shifted(
    [Math.min(...boxes.map((box) => box.west)), Math.min(...boxes.map((box) => box.south))],
    'wgs84',
    map.datum,
  );
  const [east, north] = shifted(
    [Math.max(...boxes.map((box) => box.east)), Math.max(...boxes.map((box) => box.north))],
    'wgs84',
    map.datum,
  );
  return [west, south, east, north];
}
