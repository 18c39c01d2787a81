import { expect, test } from 'vitest';
import { REJECT_REASONS as GATEWAY_REASONS } from '../../../src/alerts/judge.ts';
import { REJECT_REASONS, shelveUntil } from './choices.ts';

test('every reason of the gateway has a digit', () =>
  expect([...REJECT_REASONS]).toEqual([...GATEWAY_REASONS]));

test('the next morning is today before seven and tomorrow after', () => {
  const at = (hour: number) => new Date(2026, 4, 6, hour, 30).getTime();
  expect(shelveUntil('morning', at(5))).toBe(new Date(2026, 4, 6, 7).getTime());
  expect(shelveUntil('morning', at(9))).toBe(new Date(2026, 4, 7, 7).getTime());
  expect(shelveUntil('hour', at(9))).toBe(at(10));
});
