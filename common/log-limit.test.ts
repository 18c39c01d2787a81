import { expect, test } from 'vitest';
import { limitWarnings } from './log-limit.ts';

test('a flood of one warning is a few lines a minute, each with how many are missing', () => {
  let now = 0;
  const lines: object[] = [];
  const warn = limitWarnings({ warn: (fields) => lines.push(fields) }, { now: () => now });
  for (let n = 1; n <= 2000; n++) warn({ n }, 'token refused');
  expect(lines).toHaveLength(12);
  expect(lines.slice(9)).toEqual([{ n: 10 }, { n: 100, notShown: 89 }, { n: 1000, notShown: 899 }]);
  now += 60_000;
  warn({ n: 2001 }, 'token refused');
  warn({ n: 2002 }, 'token refused');
  expect(lines.slice(12)).toEqual([{ n: 2001, notShown: 1000 }, { n: 2002 }]);
});
