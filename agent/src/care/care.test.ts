import { expect, test } from 'vitest';
import { CameraCare } from './camera-care.ts';
import { isBroadDay, sunDegrees } from './daylight.ts';
import { UsualSharpness } from './usual-sharpness.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 4, 1);

/** A camera by day and night, hour by hour: sharper at noon. `of`: of what is usual then. */
function pass(lens: UsualSharpness, from: number, hours: number, of: (hour: number) => number): void {
  for (let hour = from; hour < from + hours; hour++)
    for (let look = 0; look < 30; look++)
      lens.look((4 + 2 * Math.sin(hour / 4)) * of(hour), START_MS + hour * HOUR_MS + look * 60_000);
}

test.each([
  ['loses it within six weeks', (hour: number) => 1 - Math.min(0.5, (hour / 1_000) * 0.5), true],
  ['is foggy for a day', (hour: number) => (hour >= 900 && hour < 930 ? 0.5 : 1), false],
  ['rains each afternoon', (hour: number) => (hour % 24 >= 12 && hour % 24 < 18 ? 0.5 : 1), false],
  ['gets sharper', (hour: number) => 1 + hour / 1_000, false],
])('sharpness is compared with what is usual at that time of day: one that %s', (_, of, dirty) => {
  const lens = new UsualSharpness();
  let ever = false;
  for (let hour = 0; hour < 1_100; hour++) {
    pass(lens, hour, 1, of);
    ever ||= lens.isDirty;
  }
  expect([ever, lens.isDirty]).toEqual([dirty, dirty]);
});

test('a lens that was cleaned is well within a day, and all of it outlasts a restart of the agent', () => {
  const first = new UsualSharpness();
  pass(first, 0, 240, () => 1);
  pass(first, 240, 60, () => 0.5);
  expect(first.isDirty).toBe(true);
  expect(first.share).toBeLessThan(0.6);
  const second = new UsualSharpness(JSON.parse(JSON.stringify(first.stored)));
  expect(second.isDirty).toBe(true);
  pass(second, 300, 20, () => 1);
  expect(second.isDirty).toBe(false);
  second.forget();
  pass(second, 320, 60, () => 0.1);
  expect(second.isDirty).toBe(false);
});

test.each([
  // Sunrise and sunset of Hangzhou in that year, by the almanac: 05:00 and 18:59 on 21 June, 06:51 and 17:03 on 21 December (UTC+8).
  ['at sunrise in June', '2026-06-20T21:00:00Z', -1.5, 1],
  ['at sunset in June', '2026-06-21T10:59:00Z', -1.5, 1],
  ['at noon in June', '2026-06-21T04:00:00Z', 82, 84],
  ['at noon in December', '2026-12-21T04:00:00Z', 35, 37],
  ['at sunset in December', '2026-12-21T09:03:00Z', -1.5, 1],
])('how high the sun stands: %s', (_, at, least, most) => {
  const degrees = sunDegrees(Date.parse(at), { latitude: 30.25, longitude: 120.17 });
  expect(degrees).toBeGreaterThan(least);
  expect(degrees).toBeLessThan(most);
});

test('where nobody has said where the camera is, it is day from ten to three by the clock of the box', () => {
  const day = (hour: number) => isBroadDay(new Date(2026, 0, 5, hour, 30).getTime(), undefined);
  expect([9, 10, 14, 15, 23].map(day)).toEqual([false, true, true, false, false]);
});

const NOON = Date.parse('2026-06-21T04:00:00Z');
const MIDNIGHT = Date.parse('2026-06-21T16:00:00Z');
const HANGZHOU = { latitude: 30.25, longitude: 120.17 };

/** What is told after each look, at these seconds. */
function codes(care: CameraCare, seconds: number): readonly string[] {
  care.update(seconds * 1000);
  return care.now.map(({ code }) => code);
}

test('dark for five minutes is told by day and not by night, and is over after a minute of light', () => {
  const care = new CameraCare();
  const look = (seconds: number, isDark: boolean, wallMs = NOON) => {
    care.look({ isDark, sharpness: null }, HANGZHOU, seconds * 1000, wallMs);
    return codes(care, seconds);
  };
  expect([look(0, true, MIDNIGHT), look(600, true, MIDNIGHT)]).toEqual([[], []]);
  expect([look(700, true), look(999, true), look(1_000, true)]).toEqual([[], [], ['dark_by_day']]);
  expect(care.now[0]?.sinceMs).toBe(1_000_000);
  expect([look(1_010, false), look(1_060, true), look(1_070, false), look(1_130, false)].map(String)).toEqual(
    [...['dark_by_day', 'dark_by_day', 'dark_by_day'], ''],
  );
});

test('a camera that sends fewer pictures than it did is told of, whatever its connection did meanwhile', () => {
  const care = new CameraCare();
  let pictures = 0;
  const pass = (from: number, seconds: number, fps: number) => {
    const told = new Set<string>();
    for (let at = from; at < from + seconds; at += 10) {
      pictures += fps * 10;
      care.receive({ pictures, clockAheadMs: null }, at * 1000);
      for (const code of codes(care, at)) told.add(code);
    }
    return [...told];
  };
  expect(pass(0, 300, 25)).toEqual([]);
  // Less than a third less, or for less than two minutes.
  expect([pass(300, 600, 18), pass(900, 100, 5), pass(1_000, 60, 25)]).toEqual([[], [], []]);
  care.receive(null, 1_055_000);
  pictures = 0;
  expect(pass(1_060, 200, 5)).toEqual(['frame_rate_fallen']);
  expect(care.now[0]?.detail).toMatch(/^5\.0 a second come; usual are 2[45]\.\d$/);
  pass(1_260, 200, 24);
  expect(codes(care, 1_460)).toEqual([]);
  // Somebody has set it so: two days later that is what is usual.
  pass(1_460, 48 * 3_600, 10);
  expect(codes(care, 200_000)).toEqual([]);
});

test('a clock that is wrong for a while is told with how far, and one that nobody tells is not', () => {
  const care = new CameraCare();
  const look = (seconds: number, aheadSeconds: number | null) => {
    care.receive(
      { pictures: null, clockAheadMs: aheadSeconds === null ? null : aheadSeconds * 1000 },
      seconds * 1000,
    );
    return codes(care, seconds);
  };
  expect([look(0, -3_600), look(60, null), look(119, -3_600)]).toEqual([[], [], []]);
  expect(look(120, -3_600)).toEqual(['clock_wrong']);
  expect(care.now[0]?.detail).toBe('3600 s behind the clock of the box; set up NTP');
  expect([look(130, 40), look(300, 40), look(310, 2), look(430, 2)].map(String)).toEqual([
    ...['clock_wrong', 'clock_wrong', 'clock_wrong'],
    '',
  ]);
});

test('a login that is refused three times in a row is told before the account is locked, until it is taken', () => {
  const care = new CameraCare();
  care.refused();
  care.refused();
  expect(codes(care, 1)).toEqual([]);
  care.refused();
  expect(codes(care, 2)).toEqual(['login_locks_soon']);
  care.admitted();
  expect(codes(care, 3)).toEqual([]);
});
