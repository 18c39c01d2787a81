/** A range of addresses as people write it: `192.168.1.0/24`. */

import { SaidError } from '../language.ts';

/** Larger ones are no street cabinet, and would take long. */
const LEAST_PREFIX = 22;

/** All hosts of it, without the network's own address and that of all. Throws a sentence. */
export function hostsOf(range: string): readonly string[] {
  const [, address = '', bits = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(range) ?? [];
  const octets = address.split('.').map(Number);
  const prefix = Number(bits);
  if (address === '' || octets.some((octet) => octet > 255) || prefix > 32)
    throw new SaidError({
      en: `--range ${JSON.stringify(range.slice(0, 40))}: expected an IPv4 range such as 192.168.1.0/24`,
      zh: `--range ${JSON.stringify(range.slice(0, 40))}：应为 IPv4 网段，如 192.168.1.0/24`,
    });
  if (prefix < LEAST_PREFIX)
    throw new SaidError({
      en: `--range ${range}: has more than 1024 addresses; expected /${LEAST_PREFIX} to /32`,
      zh: `--range ${range}：超过 1024 个地址；应为 /${LEAST_PREFIX} 至 /32`,
    });
  const size = 2 ** (32 - prefix);
  const whole = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = whole - (whole % size);
  const hosts = Array.from({ length: size }, (_, index) => first + index);
  return (prefix >= 31 ? hosts : hosts.slice(1, -1)).map((host) =>
    [24, 16, 8, 0].map((shift) => Math.floor(host / 2 ** shift) % 256).join('.'),
  );
}
