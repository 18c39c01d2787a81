import { expect, test } from 'vitest';
import { Lasting } from './lasting.ts';

test('what lasts is believed, and what comes and goes is not, either way', () => {
  const rain = new Lasting(60, 30);
  const see = (...looks: readonly (readonly [boolean, number])[]) =>
    looks.map(([is, at]) => rain.see(is, at));
  expect(see([true, 0], [true, 59], [false, 60], [true, 70], [true, 129])).toEqual(Array(5).fill(false));
  expect(see([true, 130], [false, 140], [false, 169], [true, 170], [false, 180])).toEqual(
    Array(5).fill(true),
  );
  expect(see([false, 210])).toEqual([false]);
});
