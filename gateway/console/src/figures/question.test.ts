import { expect, test } from 'vitest';
import { type Preset, presetSpan, questionOf, searchOf } from './question.ts';

const TODAY = '2026-11-27';

test('an address says the period and the grouping, and is said again as it was', () => {
  const address = 'from=2026-01-01&to=2026-12-31&each=week&by=camera&class=pothole';
  const question = questionOf(`?${address}`, TODAY);
  expect(question).toEqual({
    from: '2026-01-01',
    to: '2026-12-31',
    each: 'week',
    by: 'camera',
    only: { class: 'pothole' },
  });
  expect(searchOf(question)).toBe(address);
});

test.each(['', '?from=x&to=2026-01-01', '?from=2026-02-01&to=2026-01-01', '?by=moon&each=hour'])(
  'an address without sense, %s, asks for this month by day and unit',
  (search) =>
    expect(questionOf(search, TODAY)).toEqual({
      from: '2026-11-01',
      to: '2026-11-30',
      each: 'day',
      by: 'unit',
      only: {},
    }),
);

test.each<[Preset, string, string, string]>([
  ['week', TODAY, '2026-11-23', '2026-11-29'],
  ['week', '2026-03-01', '2026-02-23', '2026-03-01'],
  ['month', TODAY, '2026-11-01', '2026-11-30'],
  ['lastMonth', '2026-01-31', '2025-12-01', '2025-12-31'],
  ['lastMonth', '2028-03-15', '2028-02-01', '2028-02-29'],
  ['quarter', TODAY, '2026-10-01', '2026-12-31'],
  ['year', TODAY, '2026-01-01', '2026-12-31'],
])('%s on %s is %s to %s', (preset, today, from, to) =>
  expect(presetSpan(preset, today)).toEqual({ from, to }),
);
