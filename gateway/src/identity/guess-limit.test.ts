import { expect, test } from 'vitest';
import { addressBucket, GuessLimit } from './guess-limit.ts';

const stranger = (address: string, name: string) => ({ address, name, browser: null });

test('twenty wrong passwords a minute from one address are answered at once, further ones in a line of ten', () => {
  const limit = new GuessLimit();
  for (let n = 0; n < 20; n++) {
    expect(limit.admit(stranger('192.0.2.1', `name-${n}`), n)).toMatchObject({
      ok: true,
      waitMs: 0,
      over: 0,
    });
    limit.wrong(stranger('192.0.2.1', `name-${n}`), n);
  }
  const later = Array.from({ length: 12 }, () => limit.admit(stranger('192.0.2.1', 'more'), 100));
  expect(later.map((admission) => admission.ok && admission.waitMs)).toEqual([
    ...Array.from({ length: 10 }, (_, n) => 1000 * (n + 1)),
    false,
    false,
  ]);
  expect(later[0]).toMatchObject({ over: 59_900 });
  expect(limit.admit(stranger('192.0.2.2', 'more'), 100)).toMatchObject({ waitMs: 0 });
  expect(limit.admit(stranger('192.0.2.1', 'more'), 60_001)).toMatchObject({ waitMs: 0 });
});

test('right passwords count nothing, however many come from one address', () => {
  const limit = new GuessLimit();
  for (let n = 0; n < 100; n++) {
    expect(limit.admit(stranger('192.0.2.1', 'ann'), n)).toMatchObject({ waitMs: 0 });
    limit.notWrong(stranger('192.0.2.1', 'ann'));
  }
});

test('a name that is guessed at from everywhere slows each stranger by a second, and no known browser', () => {
  const limit = new GuessLimit();
  for (let n = 0; n < 1000; n++) {
    limit.admit(stranger(`192.0.2.${n % 250}`, 'ann'), n);
    limit.wrong(stranger(`192.0.2.${n % 250}`, 'ann'), n);
  }
  expect(limit.admit(stranger('198.51.100.1', 'ann'), 2000)).toMatchObject({ ok: true, waitMs: 1000 });
  expect(limit.admit({ address: '192.0.2.1', name: 'ann', browser: 'b' }, 2000)).toMatchObject({ waitMs: 0 });
  expect(limit.admit(stranger('198.51.100.1', 'bob'), 2000)).toMatchObject({ waitMs: 0 });
});

test('a known browser at which somebody guesses is a stranger’s for a while', () => {
  const limit = new GuessLimit();
  for (let n = 0; n < 10; n++) {
    expect(limit.trusts('b', 0)).toBe(true);
    limit.wrong({ address: '192.0.2.1', name: 'ann', browser: 'b' }, 0);
  }
  expect(limit.trusts('b', 0)).toBe(false);
  expect(limit.trusts('b', 15 * 60_000)).toBe(true);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (ip, bucket) => {
  expect(addressBucket(ip)).toBe(bucket);
});
