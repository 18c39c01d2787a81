/** Lines that others may listen on are warned of: the agent goes on, for in a closed network they may be as they are meant to be. */
import { isOpenToOthers, originOf } from '@roadwatch/contract';
import type { Logger } from 'pino';

const OPEN_LINE =
  'not encrypted: whoever is between here and there reads and alters it; give an address with TLS';

/** By the field of the configuration that the address is from; undefined where there is none. */
export function warnOfOpenLines(addresses: Readonly<Record<string, string | undefined>>, log: Logger): void {
  for (const [field, url] of Object.entries(addresses))
    if (url !== undefined && isOpenToOthers(url)) log.warn({ field, address: originOf(url) }, OPEN_LINE);
}
