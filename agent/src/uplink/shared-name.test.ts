import { expect, test } from 'vitest';
import { SharedName } from './shared-name.ts';

/** Ends of connections, as seconds since the start and whether the broker said why; each had lasted `lasted` seconds. */
function after(ends: readonly { readonly lasted: number; readonly said?: boolean }[]): SharedName {
  const name = new SharedName();
  let now = 0;
  for (const { lasted, said = false } of ends) {
    name.loggedIn(now);
    now += lasted * 1000;
    name.ended(said, now);
    now += 2_000;
  }
  return name;
}

test.each([
  ['three ends soon after the login', [{ lasted: 2 }, { lasted: 1 }, { lasted: 3 }], true],
  ['a broker that says so', [{ lasted: 900, said: true }], true],
  ['two ends', [{ lasted: 2 }, { lasted: 1 }], false],
  ['ends of connections that had lasted', [{ lasted: 40 }, { lasted: 60 }, { lasted: 400 }], false],
  ['a long one between short ones', [{ lasted: 2 }, { lasted: 1 }, { lasted: 100 }, { lasted: 2 }], false],
])('%s: another box %s', (_, ends, expected) => {
  expect(after(ends).sinceMs !== null).toBe(expected);
});

test('it waits longer from time to time, and forgets after five minutes of its own', () => {
  const short = Array.from({ length: 3 }, () => ({ lasted: 2 }));
  const waits = [3, 4, 5, 9].map((ends) => after(Array(ends).fill(short[0])).waitMs(0.5));
  expect(waits).toEqual([3_000, 6_000, 12_000, 45_000]);
  const name = after(short);
  name.loggedIn(100_000);
  name.lasts(399_000);
  expect(name.sinceMs).not.toBeNull();
  name.lasts(400_000);
  expect([name.sinceMs, name.waitMs(0.5)]).toEqual([null, null]);
});

test('while it is shared, a connection that lasts a minute proves nothing', () => {
  expect(after([{ lasted: 2 }, { lasted: 2 }, { lasted: 2 }, { lasted: 60 }]).sinceMs).not.toBeNull();
});
