import type { MapAlert, MapTicket } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { type CameraMarker, NO_MARKERS } from './markers.ts';
import { countThings, listThings } from './things.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const place = { longitude: 120, latitude: 30 };
const alert = (id: string, damageClass: MapAlert['damageClass'], at: string): MapAlert => ({
  id,
  damageClass,
  name: { en: `Road ${id}`, zh: `路${id}` },
  ...place,
  state: 'new',
  at,
});
const ticket = (id: string, deadlineAt: string | null): MapTicket => ({
  id,
  number: `RW-${id}`,
  damageClass: 'pothole',
  name: { en: 'Road', zh: '路' },
  ...place,
  state: 'dispatched',
  unitId: 'roads',
  clock: deadlineAt === null ? null : { kind: 'response', deadlineAt },
});
const camera = (key: string, name: string, said: CameraMarker['said'] = 'streaming'): CameraMarker => ({
  key,
  name,
  ...place,
  said,
  headingDegrees: null,
  fieldOfViewDegrees: null,
});
const byId = <T>(items: readonly T[], idOf: (item: T) => string) =>
  new Map(items.map((item) => [idOf(item), item]));
const MARKERS = {
  ...NO_MARKERS,
  alerts: byId(
    [
      alert('1', 'anomaly', '2026-11-23T06:00:00Z'),
      alert('2', 'pothole', '2026-11-23T07:30:00Z'),
      alert('3', 'pothole', '2026-11-23T07:00:00Z'),
    ],
    ({ id }) => id,
  ),
  tickets: byId(
    [ticket('1', null), ticket('2', '2026-11-23T08:10:00Z'), ticket('3', '2026-11-23T07:50:00Z')],
    ({ id }) => id,
  ),
  cameras: byId(
    [
      camera('a/b/1', 'Ann Road'),
      camera('a/b/2', 'Zoe Road', 'covered'),
      camera('a/c/3', 'Bob Road'),
      camera('a/b/4', 'Dim Road', 'dark'),
    ],
    ({ key }) => key,
  ),
  offline: new Set(['a/c']),
};
const ids = (asked: Partial<Parameters<typeof listThings>[1]>): string[] =>
  listThings(MARKERS, { kind: 'alert', search: '', only: null, ...asked }).things.map(({ id }) => id);

test('what needs a person most stands first', () => {
  expect(ids({ kind: 'alert' })).toEqual(['3', '2', '1']);
  expect(ids({ kind: 'ticket' })).toEqual(['3', '2', '1']);
  expect(ids({ kind: 'camera' })).toEqual(['a/c/3', 'a/b/2', 'a/b/4', 'a/b/1']);
});

test('things are found by name in either language, by number and by key, or are those of one place', () => {
  expect(ids({ kind: 'alert', search: ' 路2' })).toEqual(['2']);
  expect(ids({ kind: 'ticket', search: 'rw-1' })).toEqual(['1']);
  expect(ids({ kind: 'camera', search: 'a/c' })).toEqual(['a/c/3']);
  expect(ids({ kind: 'camera', search: 'ann' })).toEqual(['a/b/1']);
  expect(ids({ kind: 'alert', only: ['1', '3'] })).toEqual(['3', '1']);
});

test('of very many the first are listed, and how many more there are', () => {
  const cameras = byId(
    Array.from({ length: 20_000 }, (_, n) => camera(`a/b/${n}`, `Road ${n}`)),
    ({ key }) => key,
  );
  const { things, more } = listThings({ ...MARKERS, cameras }, { kind: 'camera', search: '', only: null });
  expect([things.length, more]).toEqual([200, 19_800]);
});

test('counts say what is late and which cameras do not see', () =>
  expect(countThings(MARKERS, NOW)).toEqual({ alerts: 3, tickets: 3, late: 1, cameras: 4, trouble: 3 }));
