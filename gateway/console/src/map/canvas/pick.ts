/** What lies under the pointer. */
import type { Map as MapLibre, Point } from 'maplibre-gl';
import { PICKED_LAYERS } from './marker-layers.ts';

export interface Picked {
  readonly kind: 'camera' | 'alert' | 'ticket';
  /** Several when they lie at one place. */
  readonly ids: readonly string[];
}

interface Found extends Picked {
  readonly cluster: { readonly source: string; readonly id: number; readonly at: [number, number] } | null;
}

/** Fingers and hands are not exact. */
const REACH = 5;

export function pickedAt(map: MapLibre, { x, y }: Point): Found | null {
  const box: [[number, number], [number, number]] = [
    [x - REACH, y - REACH],
    [x + REACH, y + REACH],
  ];
  const features = map.queryRenderedFeatures(box, { layers: PICKED_LAYERS });
  const order = ({ layer }: { readonly layer: { readonly id: string } }): number =>
    PICKED_LAYERS.indexOf(layer.id);
  const [top] = features.toSorted((a, b) => order(a) - order(b));
  if (top === undefined) return null;
  const kind = top.source.replace(/s$/, '') as Picked['kind'];
  const { cluster_id: id } = top.properties as { readonly cluster_id?: number };
  if (id === undefined) return { kind, ids: [String(top.properties.id)], cluster: null };
  const { coordinates } = top.geometry as unknown as { readonly coordinates: [number, number] };
  return { kind, ids: [], cluster: { source: top.source, id, at: coordinates } };
}
