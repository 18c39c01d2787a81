import { expect, test } from 'vitest';
import { wallClock } from '../../shared/time/time.ts';
import { questionFor, searchOf, shownBy } from './filter.ts';

test.each([
  ['', '', { state: 'open', order: 'deadline' }],
  ['?lane=whole&q=bridge', '?lane=whole&q=bridge', { lane: 'whole', q: 'bridge', order: 'deadline' }],
  ['?lane=nonsense&unit=', '', { state: 'open', order: 'deadline' }],
  ['?state=closed&view=board', '?state=closed', { state: 'ended', order: 'newest' }],
  ['?overdue=true&from=yesterday', '?overdue=true', { overdue: 'true', state: 'open', order: 'deadline' }],
])('the address %s', (search, kept, question) => {
  const shown = shownBy(search);
  expect(searchOf(shown)).toBe(kept);
  expect(questionFor(shown, wallClock('Asia/Shanghai'))).toEqual(question);
});

test('days are those of the city, the last one whole, also when its clock is changed', () => {
  expect(questionFor(shownBy('?from=2026-11-23&to=2026-11-23'), wallClock('Asia/Shanghai'))).toMatchObject({
    from: '2026-11-22T16:00:00.000Z',
    to: '2026-11-23T16:00:00.000Z',
  });
  expect(questionFor(shownBy('?from=2026-10-25&to=2026-10-25'), wallClock('Europe/Berlin'))).toMatchObject({
    from: '2026-10-24T22:00:00.000Z',
    to: '2026-10-25T23:00:00.000Z',
  });
});
