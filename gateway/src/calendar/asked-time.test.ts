import { expect, test } from 'vitest';
import { askedTime } from './asked-time.ts';

const asked = (text: string, side: 'start' | 'end' = 'start', zone = 'Asia/Shanghai') => {
  const at = askedTime(text, zone, side);
  return at === null ? null : new Date(at).toISOString();
};

test.each([
  ['2026-11-23T00:00:00Z', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23t08:15:30.25z', '2026-11-23T08:15:30.250Z'],
  ['2026-11-23T08:15:30+08:00', '2026-11-23T00:15:30.000Z'],
  ['2026-11-23T08:15-03:30', '2026-11-23T11:45:00.000Z'],
  // Without a zone it is the city's, whatever this process's is.
  ['2026-11-23T08:15:30', '2026-11-23T00:15:30.000Z'],
  ['2026-11-23 08:15', '2026-11-23T00:15:00.000Z'],
  ['2026-11-23', '2026-11-22T16:00:00.000Z'],
  ['2028-02-29', '2028-02-28T16:00:00.000Z'],
])('%s is %s', (text, at) => {
  expect(asked(text)).toBe(at);
});

test('a day alone ends with the day, also on the days on which the clocks are changed', () => {
  expect(asked('2026-11-23', 'end')).toBe('2026-11-23T15:59:59.999Z');
  expect(asked('2026-10-25', 'start', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
  expect(asked('2026-10-25', 'end', 'Europe/Berlin')).toBe('2026-10-25T22:59:59.999Z');
  expect(asked('2026-03-29T02:30', 'start', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
});

test.each([
  '5',
  '',
  'now',
  '2026',
  '2026-11',
  '2026-02-30',
  '2027-02-29T00:00:00Z',
  '2026-13-01',
  '0000-01-01',
  '9999-12-31T23:59:59Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T23:59:60Z',
  '2026-11-23T08',
  '2026-11-23T08:15:30+8',
  '2026-11-23T08:15:30+25:00',
  '2026-11-23Z',
  '23.11.2026',
  'Mon Nov 23 2026',
  '2026-11-23T08:15:30Z and more',
])('%j is no time', (text) => {
  expect(asked(text)).toBeNull();
});
