import { expect, test } from 'vitest';
import { hostsOf } from './address-range.ts';

test.each([
  ['192.168.1.64/32', ['192.168.1.64']],
  ['192.168.1.65/31', ['192.168.1.64', '192.168.1.65']],
  ['10.0.0.14/29', ['10.0.0.9', '10.0.0.10', '10.0.0.11', '10.0.0.12', '10.0.0.13', '10.0.0.14']],
])('%s', (range, hosts) => {
  expect(hostsOf(range)).toEqual(hosts);
});

test('a whole /24, and a /22 over the end of one', () => {
  expect(hostsOf('192.168.1.0/24')).toHaveLength(254);
  expect(hostsOf('10.0.255.7/22').slice(0, 1)).toEqual(['10.0.252.1']);
  expect(hostsOf('10.0.255.7/22')).toHaveLength(1022);
});

test.each(['192.168.1.0', '192.168.1.0/33', '192.168.256.0/24', 'all', '10.0.0.0/8', '-1.0.0.0/24', ''])(
  '%s is refused, with what is expected',
  (range) => {
    expect(() => hostsOf(range)).toThrow(/--range .*(expected an IPv4 range|1024 addresses)/);
  },
);
