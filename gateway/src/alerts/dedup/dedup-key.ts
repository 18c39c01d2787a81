/** Where an alert stands in its camera's picture, as a key that only one open alert can have. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { AlertRow, DetectionRow } from '../../store/tables/alerts.ts';
import { placeKey } from './image-place.ts';

/** Unique among alerts into which detections may still be merged. */
export function openKey(
  alert: Pick<AlertRow, 'site' | 'agent' | 'camera' | 'damage_class' | 'box_x' | 'box_y' | 'box_w' | 'box_h'>,
): string {
  return [alert.site, alert.agent, alert.camera, alert.damage_class, placeKey(boxOf(alert))].join('/');
}

export function boxOf(row: Pick<DetectionRow, 'box_x' | 'box_y' | 'box_w' | 'box_h'>): NormalizedBox {
  return [row.box_x, row.box_y, row.box_w, row.box_h];
}
