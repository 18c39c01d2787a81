import { expect, test } from 'vitest';
import { OutageLog } from './outage-log.ts';

test('an outage is a line at its beginning, one a minute at most when its reason changes, and one at its end', () => {
  const lines: unknown[][] = [];
  const line =
    (level: string) =>
    (...said: unknown[]) =>
      lines.push([level, ...said]);
  let now = 1_000;
  const log = { info: line('info'), warn: line('warn'), error: line('error') };
  const texts = { failed: 'cannot be read', over: 'can be read again', fields: { what: 'changes' } };
  const outage = new OutageLog(log, { ...texts, now: () => now });

  outage.works();
  expect(lines).toEqual([]);
  for (let n = 0; n < 50; n++) outage.failed('no route');
  expect(lines).toEqual([['warn', { what: 'changes', reason: 'no route' }, 'cannot be read']]);
  outage.failed('refused');
  now += 60_000;
  outage.failed('no route');
  expect(lines).toHaveLength(1);
  outage.failed('refused');
  expect(lines.slice(1)).toEqual([
    ['warn', { what: 'changes', reason: 'refused', failures: 53 }, 'cannot be read'],
  ]);
  now += 1_000;
  outage.works();
  outage.works();
  expect(lines.slice(2)).toEqual([
    ['info', { what: 'changes', failures: 53, seconds: 61 }, 'can be read again'],
  ]);
  outage.failed('refused');
  expect(lines).toHaveLength(4);
});
