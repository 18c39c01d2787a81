/** What an address says about the line behind it: whether it stays on this machine, and whether it is encrypted. */
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
const ENCRYPTED: readonly string[] = ['https:', 'wss:', 'mqtts:'];

/** A host name or address, an IPv6 one with or without its brackets. Any other name than `localhost` may be another machine. */
export function isThisMachine(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const version = isIP(name);
  if (version === 0) return name === 'localhost' || name.endsWith('.localhost');
  return LOOPBACK.check(name, version === 6 ? 'ipv6' : 'ipv4');
}

export function isEncrypted(url: string): boolean {
  return ENCRYPTED.includes(new URL(url).protocol);
}

/** Whether what goes to this address can be read, and altered, by whoever sits between here and there. */
export function isOpenToOthers(url: string): boolean {
  return !isEncrypted(url) && !isThisMachine(new URL(url).hostname);
}

/** For logs: without user, path and query. */
export function originOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
