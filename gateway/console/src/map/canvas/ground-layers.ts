/** How the ground is drawn: the city's own shapes or tiles, its grid, the areas of its units. */
import type { FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Colours } from './colours.ts';

/** Kinds of OpenStreetMap, by how wide they are drawn on the screen at zoom 16. */
const MAIN_ROADS = ['motorway', 'trunk', 'primary', 'highway', 'major_road'];
const SIDE_ROADS = ['secondary', 'tertiary', 'medium_road'];
const WATER = ['water', 'river', 'lake', 'ocean', 'canal', 'stream', 'riverbank'];
const GREEN = ['park', 'forest', 'grass', 'wood', 'garden', 'green'];

export function plainGround(colours: Colours): LayerSpecification {
  return { id: 'ground', type: 'background', paint: { 'background-color': colours['map-ground'] } };
}

/** Shapes of the city's own GeoJSON: areas, roads by their kind, names. */
export function geojsonGround(colours: Colours): LayerSpecification[] {
  return roadsAndAreas('base', 'base', undefined, colours);
}

/**
 * Vector tiles: each of their layers by what its name says it holds (the schemas of Protomaps and OpenMapTiles agree on little else);
 * one with another name is drawn as thin lines.
 */
export function tileGround(names: readonly string[], colours: Colours): LayerSpecification[] {
  return names.flatMap((name): LayerSpecification[] => {
    const from = { source: 'base', 'source-layer': name };
    const area = (colour: string): LayerSpecification[] => [
      { id: `base-${name}`, type: 'fill', ...from, paint: { 'fill-color': colour } },
    ];
    const lines = (colour: string): LayerSpecification[] => [
      { id: `base-${name}`, type: 'line', ...from, paint: { 'line-color': colour, 'line-width': 0.6 } },
    ];
    if (/^(earth|land)$/.test(name)) return area(colours['map-land']);
    if (/^(landuse|landcover|park|natural)/.test(name)) return area(colours['map-green']);
    if (/^(building)/.test(name)) return area(colours['map-line']);
    if (/^(water)$/.test(name)) return area(colours['map-water']);
    if (/^(roads?|transportation|streets)$/.test(name)) return roadsAndAreas(name, 'base', name, colours);
    if (/^(poi|place|address|housenumber|water_name|transportation_name|mountain)/.test(name)) return [];
    return lines(colours['map-line']);
  });
}

export function rasterGround(): LayerSpecification {
  return { id: 'base-raster', type: 'raster', source: 'base' };
}

function roadsAndAreas(
  prefix: string,
  source: string,
  layer: string | undefined,
  colours: Colours,
): LayerSpecification[] {
  const from = layer === undefined ? { source } : { source, 'source-layer': layer };
  const kind = ['coalesce', ['get', 'kind'], ['get', 'class'], ''];
  const isLine = ['==', ['geometry-type'], 'LineString'] as unknown as FilterSpecification;
  const width = (extra: number) =>
    [
      'interpolate',
      ['exponential', 1.6],
      ['zoom'],
      9,
      ['match', kind, MAIN_ROADS, 1.2 + extra / 2, SIDE_ROADS, 0.7 + extra / 2, 0.1 + extra / 4],
      17,
      ['match', kind, MAIN_ROADS, 16 + extra, SIDE_ROADS, 11 + extra, 6 + extra],
    ] as unknown as number;
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  return [
    {
      id: `${prefix}-areas`,
      type: 'fill',
      ...from,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: {
        'fill-color': [
          'match',
          kind,
          WATER,
          colours['map-water'],
          GREEN,
          colours['map-green'],
          colours['map-land'],
        ] as unknown as string,
      },
    },
    {
      id: `${prefix}-rivers`,
      type: 'line',
      ...from,
      filter: ['all', isLine, ['in', kind, ['literal', WATER]]] as unknown as FilterSpecification,
      layout: round,
      paint: { 'line-color': colours['map-water'], 'line-width': width(4) },
    },
    {
      id: `${prefix}-road-edges`,
      type: 'line',
      ...from,
      filter: ['all', isLine, ['!', ['in', kind, ['literal', WATER]]]] as unknown as FilterSpecification,
      layout: round,
      paint: { 'line-color': colours['map-road-edge'], 'line-width': width(2) },
    },
    {
      id: `${prefix}-roads`,
      type: 'line',
      ...from,
      filter: ['all', isLine, ['!', ['in', kind, ['literal', WATER]]]] as unknown as FilterSpecification,
      layout: round,
      paint: { 'line-color': colours['map-road'], 'line-width': width(0) },
    },
  ];
}

export function baseNames(colours: Colours, scale: number): LayerSpecification[] {
  const isLine = ['==', ['geometry-type'], 'LineString'];
  const named = (id: string, along: boolean): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'base',
    minzoom: 12,
    filter: ['all', ['has', 'name'], along ? isLine : ['!', isLine]] as unknown as FilterSpecification,
    layout: {
      'text-field': ['get', 'name'],
      'text-size': 12 * scale,
      'text-font': ['sans-serif'],
      'symbol-placement': along ? 'line' : 'point',
      'symbol-spacing': 400,
    },
    paint: namePaint(colours),
  });
  return [named('base-names', false), named('base-street-names', true)];
}

function namePaint(colours: Colours) {
  return {
    'text-color': colours['map-label'],
    'text-halo-color': colours['map-ground'],
    'text-halo-width': 1.5,
  };
}

export function gridLayers(colours: Colours, scale: number): LayerSpecification[] {
  return [
    {
      id: 'grid-lines',
      type: 'line',
      source: 'grid',
      minzoom: 11,
      paint: {
        'line-color': colours['map-label'],
        'line-width': 0.7,
        'line-dasharray': [3, 3],
        'line-opacity': 0.6,
      },
    },
    {
      id: 'grid-names',
      type: 'symbol',
      source: 'grid',
      minzoom: 14,
      layout: {
        'text-field': ['coalesce', ['get', 'name'], ''],
        'text-size': 11 * scale,
        'text-font': ['sans-serif'],
      },
      paint: { ...namePaint(colours), 'text-opacity': 0.75 },
    },
  ];
}

/** `language` is the field of the name. */
export function areaLayers(colours: Colours, language: 'en' | 'zh', scale: number): LayerSpecification[] {
  return [
    {
      id: 'areas-fill',
      type: 'fill',
      source: 'areas',
      paint: { 'fill-color': colours['map-area'], 'fill-opacity': 0.06 },
    },
    {
      id: 'areas-lines',
      type: 'line',
      source: 'areas',
      paint: { 'line-color': colours['map-area'], 'line-width': 2, 'line-opacity': 0.7 },
    },
    {
      id: 'areas-names',
      type: 'symbol',
      source: 'areas',
      maxzoom: 15,
      layout: { 'text-field': ['get', language], 'text-size': 13 * scale, 'text-font': ['sans-serif'] },
      paint: { ...namePaint(colours), 'text-color': colours['map-area'] },
    },
  ];
}
