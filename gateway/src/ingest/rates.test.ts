import { expect, test } from 'vitest';
import { Rates } from './rates.ts';
import { Turns } from './turns.ts';

const MIB = 1024 * 1024;

test('an agent may send a minute’s worth at once, then as fast as the limit; another is not touched', () => {
  let now = 0;
  const rates = new Rates({ messagesPerMinute: 60, megabytesPerMinute: 16 }, () => now);
  const send = (agent: string, count: number) =>
    Array.from({ length: count }, () => rates.take(agent, 10)).filter((limit) => limit === null).length;
  expect(send('a/1', 1000)).toBe(60);
  expect(rates.take('a/1', 10)).toBe('messages');
  expect(send('a/2', 10)).toBe(10);
  now += 10_000;
  expect(send('a/1', 1000)).toBe(10);
  now += 3_600_000;
  expect(send('a/1', 1000)).toBe(60);
});

test('bytes are limited as messages are, and what is refused uses nothing up', () => {
  let now = 0;
  const rates = new Rates({ messagesPerMinute: 1000, megabytesPerMinute: 16 }, () => now);
  expect(rates.take('a/1', 10 * MIB)).toBeNull();
  expect(rates.take('a/1', 8 * MIB)).toBe('bytes');
  expect(rates.take('a/1', 6 * MIB)).toBeNull();
  expect(rates.take('a/1', 1)).toBe('bytes');
  now += 30_000;
  expect(rates.take('a/1', 8 * MIB)).toBeNull();
});

test('a clock of the process that stands still gives nothing, and never takes anything back', () => {
  const rates = new Rates({ messagesPerMinute: 2, megabytesPerMinute: 16 }, () => 0);
  expect([1, 2, 3].map(() => rates.take('a/1', 1))).toEqual([null, null, 'messages']);
});

test('each sender has its turn, in the order in which each has sent', () => {
  const turns = new Turns<string>();
  for (let n = 0; n < 1000; n++) turns.add('loud', `loud ${n}`);
  turns.add('quiet', 'quiet 0');
  turns.add('other', 'other 0');
  turns.add('other', 'other 1');
  expect(turns.take(6)).toEqual(['loud 0', 'quiet 0', 'other 0', 'loud 1', 'other 1', 'loud 2']);
  turns.add('quiet', 'quiet 1');
  expect(turns.size).toBe(998);
  expect(turns.take(2)).toEqual(['loud 3', 'quiet 1']);
  expect(turns.take(1000)).toHaveLength(996);
  expect([turns.size, turns.take(5)]).toEqual([0, []]);
});
