/** What is on the map, as a list that needs no map: the same things, ordered by how much they need a person. */
import type { MapAlert, MapTicket } from '@roadwatch/contract/api';
import { cameraTone, type Tone } from '../shared/camera-tone.ts';
import { type CameraMarker, type Markers, stateOf } from './markers.ts';

export type ThingKind = 'alert' | 'ticket' | 'camera';

/** No screen shows more at once; the search finds the rest. */
const MOST = 200;

export type Thing =
  | { readonly kind: 'alert'; readonly id: string; readonly alert: MapAlert }
  | { readonly kind: 'ticket'; readonly id: string; readonly ticket: MapTicket }
  | {
      readonly kind: 'camera';
      readonly id: string;
      readonly camera: CameraMarker;
      readonly state: CameraState;
    };
type CameraState = ReturnType<typeof stateOf>;

export interface Asked {
  readonly kind: ThingKind;
  readonly search: string;
  /** Those alone; null: all. */
  readonly only: readonly string[] | null;
}

export interface Listed {
  readonly things: readonly Thing[];
  /** How many more there are. */
  readonly more: number;
}

export function listThings(markers: Markers, { kind, search, only }: Asked): Listed {
  const wanted = search.trim().toLowerCase();
  const ids = only === null ? null : new Set(only);
  const found = thingsOf(markers, kind).filter(
    (thing) => (ids === null || ids.has(thing.id)) && (wanted === '' || textOf(thing).includes(wanted)),
  );
  return { things: found.slice(0, MOST), more: Math.max(0, found.length - MOST) };
}

function thingsOf(markers: Markers, kind: ThingKind): Thing[] {
  if (kind === 'alert')
    return [...markers.alerts.values()]
      .toSorted(alertOrder)
      .map((alert) => ({ kind: 'alert', id: alert.id, alert }));
  if (kind === 'ticket')
    return [...markers.tickets.values()]
      .toSorted(ticketOrder)
      .map((ticket) => ({ kind: 'ticket', id: ticket.id, ticket }));
  return [...markers.cameras.values()]
    .map((camera) => ({
      kind: 'camera' as const,
      id: camera.key,
      camera,
      state: stateOf(camera, markers.offline),
    }))
    .toSorted(
      (a, b) => toneOrder(a.state) - toneOrder(b.state) || a.camera.name.localeCompare(b.camera.name),
    );
}

/** As the desk's queue: potholes first, then the longest waiting. */
function alertOrder(a: MapAlert, b: MapAlert): number {
  const rank = ({ damageClass }: MapAlert): number => (damageClass === 'pothole' ? 0 : 1);
  return rank(a) - rank(b) || a.at.localeCompare(b.at);
}

/** The one that runs out first. */
function ticketOrder(a: MapTicket, b: MapTicket): number {
  const due = ({ clock }: MapTicket): string => clock?.deadlineAt ?? '9';
  return due(a).localeCompare(due(b)) || a.number.localeCompare(b.number);
}

const TONES: readonly Tone[] = ['bad', 'warn', 'good'];
function toneOrder(state: CameraState): number {
  return TONES.indexOf(cameraTone(state));
}

function textOf(thing: Thing): string {
  if (thing.kind === 'camera') return `${thing.camera.name} ${thing.id}`.toLowerCase();
  if (thing.kind === 'alert') return `${thing.alert.name.en} ${thing.alert.name.zh}`.toLowerCase();
  const { number, name } = thing.ticket;
  return `${number} ${name.en} ${name.zh}`.toLowerCase();
}

export interface Counts {
  readonly alerts: number;
  readonly tickets: number;
  readonly late: number;
  readonly cameras: number;
  /** Of cameras: what is not streaming. */
  readonly trouble: number;
}

export function countThings({ alerts, tickets, cameras, offline }: Markers, now: number): Counts {
  const late = [...tickets.values()].filter(
    ({ clock }) => clock !== null && Date.parse(clock.deadlineAt) < now,
  );
  const trouble = [...cameras.values()].filter((camera) => cameraTone(stateOf(camera, offline)) !== 'good');
  return {
    alerts: alerts.size,
    tickets: tickets.size,
    late: late.length,
    cameras: cameras.size,
    trouble: trouble.length,
  };
}

export function placeOf(thing: Thing): { readonly longitude: number; readonly latitude: number } {
  if (thing.kind === 'alert') return thing.alert;
  return thing.kind === 'ticket' ? thing.ticket : thing.camera;
}

/** The page of a thing, as the gateway knows it. */
export function pathOf(kind: ThingKind, id: string): string {
  if (kind === 'alert') return `/alerts/${id}`;
  return kind === 'ticket' ? `/tickets/${id}` : `/cameras/${id}`;
}
