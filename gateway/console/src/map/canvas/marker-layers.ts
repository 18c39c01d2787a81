/** How cameras, alerts and tickets are drawn, the ones that need a person above the others. */
import type { LayerSpecification } from 'maplibre-gl';
import type { Colours } from './colours.ts';

export type MarkerSource = 'cameras' | 'cones' | 'alerts' | 'tickets';

/** Those that a click goes to, the topmost first. */
export const PICKED_LAYERS = [
  'alerts',
  'alert-clusters',
  'tickets',
  'ticket-clusters',
  'cameras',
  'camera-clusters',
];

/** From this zoom on a street is wide enough to show where cameras look. */
export const CONE_ZOOM = 14;

const FONT = ['sans-serif'];
type Colour = string;

/** `scale`: 1 for a screen on a desk. */
export function markerLayers(colours: Colours, scale: number): LayerSpecification[] {
  const isCluster = ['has', 'point_count'] as never;
  const isOne = ['!', ['has', 'point_count']] as never;
  const count = ['get', 'point_count_abbreviated'] as never;
  const worst = [
    'case',
    ['>', ['get', 'bad'], 0],
    colours.bad,
    ['>', ['get', 'warn'], 0],
    colours.warn,
    colours['map-camera'],
  ];
  const bySize = (least: number, most: number) =>
    [
      'interpolate',
      ['linear'],
      ['log10', ['get', 'point_count']],
      0,
      least * scale,
      4,
      most * scale,
    ] as unknown as number;
  return [
    {
      id: 'cones',
      type: 'fill',
      source: 'cones',
      minzoom: CONE_ZOOM,
      paint: {
        'fill-color': [
          'match',
          ['get', 'tone'],
          'bad',
          colours.bad,
          'warn',
          colours.warn,
          colours['map-camera'],
        ] as unknown as Colour,
        'fill-opacity': 0.22,
      },
    },
    {
      id: 'camera-clusters',
      type: 'circle',
      source: 'cameras',
      filter: isCluster,
      paint: {
        'circle-radius': bySize(10, 30),
        'circle-color': colours.panel,
        'circle-opacity': 0.92,
        'circle-stroke-width': 2.5 * scale,
        'circle-stroke-color': worst as unknown as Colour,
      },
    },
    {
      id: 'camera-counts',
      type: 'symbol',
      source: 'cameras',
      filter: isCluster,
      layout: { 'text-field': count, 'text-size': 12 * scale, 'text-font': FONT, 'text-allow-overlap': true },
      paint: { 'text-color': colours.text },
    },
    {
      id: 'cameras',
      type: 'symbol',
      source: 'cameras',
      filter: isOne,
      layout: {
        'icon-image': ['concat', 'camera-', ['get', 'tone']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
    cluster(
      'ticket-clusters',
      'tickets',
      ['case', ['>', ['get', 'late'], 0], colours.bad, colours.accent],
      colours,
      bySize(13, 26),
      [17 * scale, 0],
    ),
    counts('ticket-counts', 'tickets', colours.panel, scale, [17 * scale, 0]),
    {
      id: 'tickets',
      type: 'symbol',
      source: 'tickets',
      filter: isOne,
      layout: {
        'icon-image': ['concat', 'ticket-', ['get', 'urgency']],
        // Beside the camera, which is at the same place as a rule.
        'icon-offset': [17, 0],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['get', 'clock'],
        'text-font': FONT,
        'text-size': 12 * scale,
        'text-anchor': 'left',
        'text-offset': [2.8, 0],
        'text-optional': true,
      },
      paint: {
        'text-color': ['match', ['get', 'urgency'], 'late', colours.bad, colours.text] as unknown as Colour,
        'text-halo-color': colours.panel,
        'text-halo-width': 2,
      },
    },
    cluster('alert-clusters', 'alerts', colours.bad, colours, bySize(13, 26), [0, -18 * scale]),
    counts('alert-counts', 'alerts', colours.panel, scale, [0, -18 * scale]),
    {
      id: 'alerts',
      type: 'symbol',
      source: 'alerts',
      filter: isOne,
      layout: {
        'icon-image': ['match', ['get', 'kind'], 'pothole', 'alert-pothole', 'alert-other'],
        'icon-anchor': 'bottom',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
  ];
}

function cluster(
  id: string,
  source: MarkerSource,
  colour: unknown,
  colours: Colours,
  radius: number,
  translate: [number, number],
): LayerSpecification {
  return {
    id,
    type: 'circle',
    source,
    filter: ['has', 'point_count'],
    paint: {
      'circle-radius': radius,
      'circle-color': colour as Colour,
      'circle-stroke-width': 2,
      'circle-stroke-color': colours.panel,
      'circle-translate': translate,
    },
  };
}

function counts(
  id: string,
  source: MarkerSource,
  colour: Colour,
  scale: number,
  translate: [number, number],
): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source,
    filter: ['has', 'point_count'],
    layout: {
      'text-field': ['get', 'point_count_abbreviated'],
      'text-size': 13 * scale,
      'text-font': FONT,
      'text-allow-overlap': true,
      'text-ignore-placement': true,
    },
    paint: { 'text-color': colour, 'text-translate': translate },
  };
}
