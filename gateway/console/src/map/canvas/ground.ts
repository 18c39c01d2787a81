/** What lies below the markers: the city's shapes or tiles, the areas of its units, its grid. */
import type { MapGround } from '@roadwatch/contract/api';
import {
  addProtocol,
  type GeoJSONSourceSpecification,
  type LayerSpecification,
  type SourceSpecification,
} from 'maplibre-gl';
import { FetchSource, PMTiles, Protocol, TileType } from 'pmtiles';
import type { Language } from '../../shared/texts/index.ts';
import type { Colours } from './colours.ts';
import {
  areaLayers,
  baseNames,
  geojsonGround,
  gridLayers,
  rasterGround,
  tileGround,
} from './ground-layers.ts';

export interface GroundSource {
  readonly about: MapGround;
  /** Where a file of the ground is asked for. */
  address(name: 'base' | 'grid' | 'areas'): string;
  /** What is sent with each question. */
  readonly headers: Readonly<Record<string, string>>;
}

const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

export interface Ground {
  readonly sources: ReadonlyMap<string, SourceSpecification>;
  layers(colours: Colours): readonly LayerSpecification[];
  /** What of it cannot be had; null: nothing. */
  readonly problem: string | null;
}

type Part = Omit<Ground, 'problem'>;

export async function openGround(ground: GroundSource, language: Language, scale: number): Promise<Ground> {
  const { base, areas, grid } = ground.about;
  const asked: Promise<Part>[] = [];
  if (base === 'geojson')
    asked.push(
      shapes(ground, 'base', (colours) => [...geojsonGround(colours), ...baseNames(colours, scale)]),
    );
  if (base === 'pmtiles') asked.push(tiles(ground));
  if (areas) asked.push(shapes(ground, 'areas', (colours) => areaLayers(colours, language, scale)));
  if (grid) asked.push(shapes(ground, 'grid', (colours) => gridLayers(colours, scale)));
  // One that fails keeps none of the others away.
  const answers = await Promise.allSettled(asked);
  const parts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  return {
    sources: new Map(parts.flatMap(({ sources }) => [...sources])),
    layers: (colours) => parts.flatMap(({ layers }) => layers(colours)),
    problem: failed === undefined ? null : String((failed.reason as Error).message),
  };
}

async function shapes(
  ground: GroundSource,
  name: 'base' | 'grid' | 'areas',
  layers: Part['layers'],
): Promise<Part> {
  const answer = await fetch(ground.address(name), { headers: ground.headers });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  const data = (await answer.json()) as GeoJSONSourceSpecification['data'];
  return { sources: new Map([[name, { type: 'geojson', data }]]), layers };
}

async function tiles(ground: GroundSource): Promise<Part> {
  const url = new URL(ground.address('base'), document.baseURI).href;
  const archive = new PMTiles(new FetchSource(url, new Headers(ground.headers)));
  const [{ tileType }, metadata] = await Promise.all([archive.getHeader(), archive.getMetadata()]);
  protocol.add(archive);
  const address = `pmtiles://${url}`;
  if (tileType !== TileType.Mvt)
    return {
      sources: new Map([['base', { type: 'raster', url: address, tileSize: 256 }]]),
      layers: () => [rasterGround()],
    };
  const { vector_layers: known = [] } = metadata as { vector_layers?: readonly { readonly id: string }[] };
  const names = known.map(({ id }) => id);
  return {
    sources: new Map([['base', { type: 'vector', url: address }]]),
    layers: (colours) => tileGround(names, colours),
  };
}
