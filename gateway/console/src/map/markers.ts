/** What the map shows: all of it once, then brought up to date by what has changed. Never changed in place. */
import type { CameraState } from '@roadwatch/contract';
import type { MapAlert, MapCamera, MapMarkers, MapTicket } from '@roadwatch/contract/api';

export interface CameraMarker {
  /** SITE/AGENT/CAMERA */
  readonly key: string;
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
  readonly said: CameraState['state'];
  readonly headingDegrees: number | null;
  readonly fieldOfViewDegrees: number | null;
}

export interface Markers {
  readonly seq: number;
  readonly cameras: ReadonlyMap<string, CameraMarker>;
  /** SITE/AGENT. */
  readonly offline: ReadonlySet<string>;
  readonly alerts: ReadonlyMap<string, MapAlert>;
  readonly tickets: ReadonlyMap<string, MapTicket>;
  readonly more: boolean;
}

export const NO_MARKERS: Markers = {
  seq: 0,
  cameras: new Map(),
  offline: new Set(),
  alerts: new Map(),
  tickets: new Map(),
  more: false,
};

/** What has not changed stays the same object, so that nothing is drawn anew for it. */
export function withChanges(before: Markers, told: MapMarkers): Markers {
  const from = told.whole ? NO_MARKERS : before;
  const offline = new Set(told.offline);
  return {
    seq: told.seq,
    cameras: merged(from.cameras, told.cameras.map(cameraMarker), ({ key }) => key, []),
    offline: sameSet(from.offline, offline) ? from.offline : offline,
    alerts: merged(from.alerts, told.alerts, ({ id }) => id, told.gone),
    tickets: merged(from.tickets, told.tickets, ({ id }) => id, told.gone),
    more: told.whole ? told.more : from.more,
  };
}

/** As the camera is now: of one whose agent is gone nobody knows. */
export function stateOf({ key, said }: CameraMarker, offline: ReadonlySet<string>) {
  return offline.has(key.slice(0, key.lastIndexOf('/'))) ? ('unknown' as const) : said;
}

function cameraMarker([key, name, longitude, latitude, said, headingDegrees, fieldOfViewDegrees]: MapCamera) {
  return { key, name, longitude, latitude, said, headingDegrees, fieldOfViewDegrees };
}

function merged<T>(
  before: ReadonlyMap<string, T>,
  fresh: readonly T[],
  idOf: (item: T) => string,
  gone: readonly string[],
): ReadonlyMap<string, T> {
  const leaving = gone.filter((id) => before.has(id));
  if (fresh.length === 0 && leaving.length === 0) return before;
  const after = new Map(before);
  for (const id of leaving) after.delete(id);
  for (const item of fresh) after.set(idOf(item), item);
  return after;
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((each) => other.has(each));
}
