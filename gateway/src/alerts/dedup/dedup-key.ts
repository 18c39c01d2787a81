/** What makes two reports one open alert: the place in the picture, or for a person's report nothing but itself. */
import type { AlertRow } from '../../store/tables/alerts.ts';
import { boxOf, placeKey } from './image-place.ts';

/** Unique among alerts into which detections may still be merged. */
export function openKey(
  alert: Pick<AlertRow, 'site' | 'agent' | 'camera' | 'damage_class' | 'box_x' | 'box_y' | 'box_w' | 'box_h'>,
): string {
  return [alert.site, alert.agent, alert.camera, alert.damage_class, placeKey(boxOf(alert))].join('/');
}

/** Unlike places in a picture, two reports are never one thing by themselves. */
export function reportKey(alertId: string): string {
  return `report/${alertId}`;
}
