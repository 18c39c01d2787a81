import { expect, test } from 'vitest';
import { wallClock } from '../shared/time/time.ts';
import { shelveUntil } from './choices.ts';

test('the next morning is today before seven and tomorrow after, on the clock of the city', () => {
  const wall = wallClock('Asia/Shanghai');
  const at = (hour: number, day = 6) => Date.UTC(2026, 4, day, hour - 8, 30);
  const seven = (day: number) => Date.UTC(2026, 4, day, 7 - 8);
  expect(shelveUntil('morning', at(5), wall)).toBe(seven(6));
  expect(shelveUntil('morning', at(9), wall)).toBe(seven(7));
  expect(shelveUntil('hour', at(9), wall)).toBe(at(10));
});
