import { expect, test } from 'vitest';
import { inLastHour, interrupted, isFlood, QUIET, type Rate } from './rate.ts';

const MINUTE = 60_000;

/** After interruptions at these minutes: how it stands, and which of them were heard. */
function after(minutes: readonly number[]): { readonly rate: Rate; readonly heard: readonly number[] } {
  let rate = QUIET;
  const heard = minutes.filter((minute) => {
    const next = interrupted(rate, minute * MINUTE);
    rate = next.rate;
    return next.sounds;
  });
  return { rate, heard };
}

test('what comes now and then is heard each time', () =>
  expect(after([0, 5, 9, 20]).heard).toEqual([0, 5, 9, 20]));

test('of more than ten in ten minutes one a minute is heard', () => {
  const many = Array.from({ length: 30 }, (_, index) => index / 10);
  const { rate, heard } = after(many);
  expect(heard.slice(0, 10)).toEqual(many.slice(0, 10));
  expect(heard.slice(10)).toEqual([1.9, 2.9]);
  expect(isFlood(rate, 3 * MINUTE)).toBe(true);
  expect(isFlood(rate, 20 * MINUTE)).toBe(false);
});

test('those of the last hour are counted', () => {
  const { rate } = after([0, 30, 59]);
  expect(inLastHour(rate, 59 * MINUTE)).toBe(3);
  expect(inLastHour(rate, 60 * MINUTE)).toBe(2);
  expect(inLastHour(rate, 200 * MINUTE)).toBe(0);
});
