import type { MapMarkers } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { type Markers, NO_MARKERS, stateOf, withChanges } from './markers.ts';

const camera = (key: string, state: 'streaming' | 'covered' = 'streaming') =>
  [key, key, 120, 30, state, null, null] as const;
const alert = (id: string) => ({ id }) as MapMarkers['alerts'][number];
const told = (changes: Partial<MapMarkers> = {}): MapMarkers => ({
  seq: 1,
  whole: false,
  datum: 'wgs84',
  cameras: [],
  offline: [],
  alerts: [],
  tickets: [],
  gone: [],
  more: false,
  ...changes,
});
const FIRST: Markers = withChanges(
  NO_MARKERS,
  told({
    whole: true,
    cameras: [camera('a/b/c'), camera('a/b/d')],
    alerts: [alert('1'), alert('2')],
    more: true,
  }),
);

test('what has changed takes the place of what it was, what is gone goes, the rest stays', () => {
  const next = withChanges(
    FIRST,
    told({ seq: 5, cameras: [camera('a/b/c', 'covered')], alerts: [alert('3')], gone: ['1'] }),
  );
  expect(next.seq).toBe(5);
  expect([...next.cameras.values()].map(({ key, said }) => [key, said])).toEqual([
    ['a/b/c', 'covered'],
    ['a/b/d', 'streaming'],
  ]);
  expect([...next.alerts.keys()]).toEqual(['2', '3']);
  expect(next.more).toBe(true);
  expect(FIRST.alerts.size).toBe(2);
});

test('what has not changed is the same as before, so that it is not drawn anew', () => {
  const next = withChanges(FIRST, told({ seq: 2, gone: ['unknown'] }));
  expect(next.cameras).toBe(FIRST.cameras);
  expect(next.alerts).toBe(FIRST.alerts);
  expect(next.offline).toBe(FIRST.offline);
});

test('all that was known goes when everything is told anew', () => {
  const next = withChanges(FIRST, told({ whole: true, alerts: [alert('9')] }));
  expect([next.cameras.size, [...next.alerts.keys()], next.more]).toEqual([0, ['9'], false]);
});

test('of a camera whose agent is gone nobody knows, whatever it said last', () => {
  const { cameras, offline } = withChanges(FIRST, told({ offline: ['a/b'] }));
  const [first] = cameras.values();
  expect(first && stateOf(first, offline)).toBe('unknown');
  expect(first && stateOf(first, new Set(['a/x']))).toBe('streaming');
});
