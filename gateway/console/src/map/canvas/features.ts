/** Markers as the GeoJSON that the map's sources take. */
import type { MapAlert, MapTicket } from '@roadwatch/contract/api';
import { cameraTone } from '../../shared/camera-tone.ts';
import { type CameraMarker, type Markers, stateOf } from '../markers.ts';
import { viewingCone } from './cone.ts';

interface Feature {
  readonly type: 'Feature';
  readonly geometry: { readonly type: 'Point' | 'Polygon'; readonly coordinates: unknown };
  readonly properties: Readonly<Record<string, string | number>>;
}
export interface Features {
  readonly type: 'FeatureCollection';
  readonly features: readonly Feature[];
}

const DUE_SOON_MS = 10 * 60_000;

export function cameraFeatures({ cameras, offline }: Markers): Features {
  return collection([...cameras.values()].map((camera) => cameraFeature(camera, offline)));
}

function cameraFeature(camera: CameraMarker, offline: ReadonlySet<string>): Feature {
  const tone = cameraTone(stateOf(camera, offline));
  // Counted in clusters.
  const counts = { bad: tone === 'bad' ? 1 : 0, warn: tone === 'warn' ? 1 : 0 };
  return point(camera, { id: camera.key, tone, ...counts });
}

export function alertFeatures(alerts: Iterable<MapAlert>): Features {
  return collection([...alerts].map((alert) => point(alert, { id: alert.id, kind: alert.damageClass })));
}

export function ticketFeatures(tickets: Iterable<MapTicket>, now: number): Features {
  return collection(
    [...tickets].map((ticket) => {
      const left = ticket.clock === null ? null : Date.parse(ticket.clock.deadlineAt) - now;
      const urgency = left === null ? 'calm' : left < 0 ? 'late' : left < DUE_SOON_MS ? 'soon' : 'calm';
      return point(ticket, {
        id: ticket.id,
        urgency,
        late: urgency === 'late' ? 1 : 0,
        clock: timeLeft(left),
      });
    }),
  );
}

/** To the minute: the map is not drawn anew every second. An apostrophe is a minute in both languages. */
function timeLeft(left: number | null): string {
  if (left === null) return '';
  const minutes = Math.floor(Math.abs(left) / 60_000);
  const text =
    minutes < 100
      ? `${minutes}′`
      : minutes < 2880
        ? `${Math.round(minutes / 60)} h`
        : `${Math.round(minutes / 1440)} d`;
  return left < 0 ? `+${text}` : text;
}

export interface Seen {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Of the cameras that are on the screen only. */
export function coneFeatures({ cameras, offline }: Markers, seen: Seen): Features {
  const features: Feature[] = [];
  for (const camera of cameras.values()) {
    const { longitude, latitude } = camera;
    if (longitude < seen.west || longitude > seen.east || latitude < seen.south || latitude > seen.north)
      continue;
    const ring = viewingCone(camera);
    if (ring === null) continue;
    const properties = { id: camera.key, tone: cameraTone(stateOf(camera, offline)) };
    features.push({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties });
  }
  return collection(features);
}

function point(
  { longitude, latitude }: { readonly longitude: number; readonly latitude: number },
  properties: Feature['properties'],
): Feature {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [longitude, latitude] }, properties };
}

function collection(features: readonly Feature[]): Features {
  return { type: 'FeatureCollection', features };
}
