import type { NormalizedBox } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { boxOf, classOf, scoreOf, type Track, Tracker } from './tracker.ts';

const PLACE: NormalizedBox = [0.4, 0.6, 0.1, 0.06];
const pothole = (box: NormalizedBox = PLACE, score = 0.7): Box => ({
  damageClass: 'pothole',
  alert: true,
  score,
  box,
});
const at = (x: number, y: number): NormalizedBox => [x, y, 0.1, 0.06];

/** Shows a tracker one look a second. */
function looking(): { tracker: Tracker; look(boxes: readonly Box[], hidden?: boolean): void } {
  const tracker = new Tracker();
  let seconds = 0;
  return {
    tracker,
    look: (boxes, hidden = false) =>
      void tracker.update({ atMs: 1000 * seconds++, boxes, isHidden: () => hidden }),
  };
}

test('boxes that jitter around one place are one track, and its place is their median', () => {
  const { tracker, look } = looking();
  for (const dx of [0, 0.006, -0.004, 0.003, -0.006]) look([pothole(at(0.4 + dx, 0.6))]);
  expect(tracker.tracks).toHaveLength(1);
  expect(tracker.tracks[0]).toMatchObject({ seen: 5, looked: 5, firstSeenAtMs: 0, lastSeenAtMs: 4000 });
  expect(boxOf(tracker.tracks[0] as Track)[0]).toBeCloseTo(0.4, 6);
});

test('two potholes side by side stay two, whatever order their boxes come in', () => {
  const { tracker, look } = looking();
  const [left, right] = [pothole(at(0.3, 0.6)), pothole(at(0.45, 0.6), 0.9)];
  for (let i = 0; i < 6; i++) look(i % 2 === 0 ? [left, right] : [right, left]);
  expect(tracker.tracks.map((track) => [boxOf(track)[0], track.seen]).sort()).toEqual([
    [0.3, 6],
    [0.45, 6],
  ]);
});

test('a look past something that hides it does not count against it, a look at the empty place does', () => {
  const { tracker, look } = looking();
  look([pothole()]);
  for (let i = 0; i < 5; i++) look([], true);
  expect(tracker.tracks[0]).toMatchObject({ seen: 1, looked: 1 });
  look([]);
  expect(tracker.tracks[0]).toMatchObject({ seen: 1, looked: 2 });
});

test('what is not seen any more is given up, what only blinks is given up sooner', () => {
  const { tracker, look } = looking();
  for (let i = 0; i < 10; i++) look([pothole()]);
  for (let i = 0; i < 20; i++) look([]);
  expect(tracker.tracks).toHaveLength(1);
  look([]);
  expect(tracker.tracks).toHaveLength(0);

  look([pothole()]);
  for (let i = 0; i < 11; i++) look([]);
  expect(tracker.tracks).toHaveLength(0);
});

test('of classes that alternate at one place the one with more score behind it counts', () => {
  const { tracker, look } = looking();
  const crack: Box = { ...pothole(PLACE, 0.5), damageClass: 'alligator_crack' };
  for (const box of [crack, pothole(PLACE, 0.9), crack, pothole(PLACE, 0.8), pothole(PLACE, 0.8)])
    look([box]);
  expect(tracker.tracks).toHaveLength(1);
  expect(classOf(tracker.tracks[0] as Track)).toBe('pothole');
  expect(scoreOf(tracker.tracks[0] as Track)).toBe(0.8);
});

test('a frame full of boxes does not make tracks without end', () => {
  const { tracker, look } = looking();
  for (let n = 0; n < 5; n++) {
    look(
      Array.from({ length: 300 }, (_, i) => pothole([(i % 20) / 20, Math.floor(i / 20) / 20, 0.01, 0.01])),
    );
  }
  expect(tracker.tracks).toHaveLength(64);
});
