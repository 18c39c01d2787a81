/** To which hosts a login may be sent: names as they are written, addresses, and ranges of them. */
import { BlockList, isIP } from 'node:net';

/** Whether an entry of `hosts` can be meant. */
export function isHostOrRange(entry: string): boolean {
  const [address = '', prefix] = entry.split('/');
  if (prefix === undefined) return true;
  const version = isIP(address);
  return version !== 0 && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** `host`: of an address of a camera, without brackets. A name is never looked up: whoever answers for it could say anything. */
export function mayGoTo(hosts: readonly string[], host: string): boolean {
  const version = isIP(host);
  if (version === 0) return hosts.some((entry) => entry.toLowerCase() === host.toLowerCase());
  const list = new BlockList();
  for (const entry of hosts) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
