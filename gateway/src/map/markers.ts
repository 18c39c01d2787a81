/** Everything that the map shows above its ground: all of it once, and then what has changed since. */
import type { Datum } from '@roadwatch/contract';
import type { MapMarkers } from '@roadwatch/contract/api';
import type { CameraOf } from '../cameras/source.ts';
import type { Language } from '../language.ts';
import type { ChangeFeed, ChangeRow } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';
import { mapCameras, offlineAgents } from './cameras.ts';
import { mapAlerts, mapTickets } from './cases.ts';

/** More changes at once are not worth telling one by one; it also bounds what one question to the store names. */
const MOST_CHANGES = 300;

interface Parts {
  readonly store: Store;
  readonly changes: ChangeFeed;
}

interface Asked {
  readonly datum: Datum;
  readonly language: Language;
  /** The `seq` of what the map has; left out, nothing. */
  readonly since?: number;
}

export async function mapMarkers({ store, changes }: Parts, asked: Asked): Promise<MapMarkers> {
  const { datum, since } = asked;
  // Before anything is read: what is committed meanwhile is told again the next time, and never missed.
  const seq = changes.last;
  const rows = since === undefined || since > seq ? null : await changes.since(since);
  if (rows === null || rows.length > MOST_CHANGES) {
    const [cameras, offline, alerts, tickets] = await Promise.all([
      mapCameras(store.db, asked),
      offlineAgents(store.db),
      mapAlerts(store.db, datum),
      mapTickets(store.db, datum),
    ]);
    const cases = {
      alerts: alerts.items,
      tickets: tickets.items,
      gone: [],
      more: alerts.more || tickets.more,
    };
    return { seq, whole: true, datum, cameras, offline, ...cases };
  }
  const { alertIds, ticketIds, cameraKeys } = changedBy(rows);
  const [cameras, offline, alerts, tickets] = await Promise.all([
    mapCameras(store.db, asked, cameraKeys),
    offlineAgents(store.db),
    mapAlerts(store.db, datum, alertIds),
    mapTickets(store.db, datum, ticketIds),
  ]);
  const there = new Set([...alerts.items, ...tickets.items].map(({ id }) => id));
  return {
    seq,
    whole: false,
    datum,
    cameras,
    offline,
    alerts: alerts.items,
    tickets: tickets.items,
    gone: [...alertIds, ...ticketIds].filter((id) => !there.has(id)),
    more: false,
  };
}

function changedBy(rows: readonly ChangeRow[]) {
  const of = (kind: string): string[] => [
    ...new Set(rows.filter((row) => row.kind === kind).map((row) => row.subject)),
  ];
  return {
    alertIds: of('alert'),
    ticketIds: of('ticket'),
    cameraKeys: of('camera').flatMap(cameraOf),
  };
}

function cameraOf(key: string): CameraOf[] {
  const [site, agent, camera] = key.split('/');
  return site === undefined || agent === undefined || camera === undefined ? [] : [{ site, agent, camera }];
}
