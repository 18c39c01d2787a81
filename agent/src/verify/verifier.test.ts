import type { DamageClass, NormalizedBox } from '@roadwatch/contract';
import { describe, expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { boxOf, classOf, type Track, Tracker } from '../track/tracker.ts';
import { judge } from './verifier.ts';

const rules = { minSeconds: 4, minLooks: 6, minSeenRatio: 0.6, minScore: 0 };
const place: NormalizedBox = [0.4, 0.6, 0.1, 0.06];
const nothingHidden = (): boolean => false;

function box(at: NormalizedBox = place, damageClass: DamageClass = 'pothole', score = 0.6): Box {
  return { damageClass, alert: damageClass !== 'repair', score, box: at };
}

/** Five looks a second, each with these boxes; returns the tracks at the end. */
function watch(
  looks: readonly (readonly Box[])[],
  isHidden: (look: number) => boolean = nothingHidden,
  stepMs = 200,
): { tracks: readonly Track[]; verifiedAtMs: number | null; begun: number } {
  const tracker = new Tracker();
  let verifiedAtMs: number | null = null;
  let begun = 0;
  for (const [index, boxes] of looks.entries()) {
    const atMs = index * stepMs;
    begun += tracker.update({ atMs, boxes, isHidden: () => isHidden(index) }).begun.length;
    if (verifiedAtMs === null && tracker.tracks.some((track) => judge(track, rules).verdict === 'verified')) {
      verifiedAtMs = atMs;
    }
  }
  return { tracks: tracker.tracks, verifiedAtMs, begun };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

test('damage that stays in view is verified as soon as it has stayed long enough', () => {
  expect(watch(times(30, () => [box()])).verifiedAtMs).toBe(4_000);
});

test('keyframes every two seconds are enough, without a closer look', () => {
  expect(
    watch(
      times(8, () => [box()]),
      nothingHidden,
      2_000,
    ).verifiedAtMs,
  ).toBe(10_000);
});

describe('what is not damage is never verified', () => {
  const cases: [name: string, looks: readonly (readonly Box[])[]][] = [
    ['a vehicle that crosses the picture', times(60, (i) => [box([0.05 + i * 0.012, 0.6, 0.1, 0.06])])],
    ['a shadow that creeps', times(120, (i) => [box([0.2 + i * 0.002, 0.6, 0.1, 0.06])])],
    ['a single false box', times(60, (i) => (i === 3 ? [box()] : []))],
    ['a box that flickers, seen now and then', times(100, (i) => (i % 5 === 0 ? [box()] : []))],
    [
      'boxes that jump from place to place',
      times(60, (i) => [box([(i * 0.37) % 0.8, (i * 0.23) % 0.8, 0.1, 0.06])]),
    ],
    ['a repair', times(60, () => [box(place, 'repair')])],
    ['an empty road', times(60, () => [])],
  ];
  test.each(cases)('%s', (_, looks) => {
    expect(watch(looks).verifiedAtMs).toBeNull();
  });
});

test('damage that traffic hides half of the time is verified all the same', () => {
  const hidden = (i: number): boolean => i % 4 < 2;
  const looks = times(60, (i) => (hidden(i) ? [] : [box()]));
  expect(watch(looks, hidden).verifiedAtMs).not.toBeNull();
  expect(watch(looks).verifiedAtMs).toBeNull();
});

test('boxes that jitter are one track, at their median', () => {
  const looks = times(40, (i) => [box([0.4 + ((i * 7) % 5) * 0.004, 0.6, 0.1, 0.06])]);
  const { tracks, begun } = watch(looks);
  expect(begun).toBe(1);
  expect(boxOf(tracks[0] as Track)[0]).toBeCloseTo(0.408, 3);
});

test('a crack whose kind wavers is one track, and the kind with most score behind it wins', () => {
  const looks = times(40, (i) => [box(place, i % 3 === 0 ? 'alligator_crack' : 'longitudinal_crack')]);
  const { tracks, begun } = watch(looks);
  expect(begun).toBe(1);
  expect(classOf(tracks[0] as Track)).toBe('longitudinal_crack');
});

test('two things side by side are two tracks', () => {
  const other: NormalizedBox = [0.6, 0.6, 0.1, 0.06];
  expect(watch(times(10, () => [box(), box(other)])).begun).toBe(2);
});

test('a median score below the limit waits', () => {
  const tracker = new Tracker();
  for (let i = 0; i < 40; i++) {
    tracker.update({ atMs: i * 200, boxes: [box(place, 'pothole', 0.3)], isHidden: nothingHidden });
  }
  expect(judge(tracker.tracks[0] as Track, { ...rules, minScore: 0.5 })).toEqual({
    verdict: 'waiting',
    lacks: 'score',
  });
});

test('a thousand boxes in a frame do not make a thousand tracks', () => {
  const many = times(1000, (i) => box([(i % 40) / 40, Math.floor(i / 40) / 25, 0.01, 0.01]));
  expect(watch([many, many]).tracks.length).toBeLessThanOrEqual(64);
});
