import { expect, test } from 'vitest';
import { sparingly } from './sparing-log.ts';

test('a flood of one warning is ten lines a minute, and the next one says how many are missing', () => {
  let now = 0;
  const lines: object[] = [];
  const warn = sparingly({ warn: (fields: object) => lines.push(fields) } as never, () => now);
  for (let n = 0; n < 1000; n++) warn({ n }, 'token refused');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toEqual({ n: 9 });
  now += 60_000;
  warn({ n: 1000 }, 'token refused');
  warn({ n: 1001 }, 'token refused');
  expect(lines.slice(10)).toEqual([{ n: 1000, notShown: 990 }, { n: 1001 }]);
});
