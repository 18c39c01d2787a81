/** Says at start which lines to other machines are not encrypted. */
import { isOpenToOthers, isThisMachine, originOf } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';

const UNENCRYPTED = 'not encrypted: whoever is between here and there reads and alters it';

export function warnOfOpenLines({ broker, http }: Config, log: Logger): void {
  if (broker.url !== undefined) {
    if (isOpenToOthers(broker.url))
      log.warn(
        { field: 'broker.url', address: originOf(broker.url) },
        `${UNENCRYPTED}; give mqtts:// or wss://`,
      );
  } else if (broker.tls === null && !isThisMachine(broker.host)) {
    log.warn({ field: 'broker.host', address: broker.host }, `${UNENCRYPTED}; give broker.tls`);
  }
  if (http.publicUrl !== undefined && isOpenToOthers(http.publicUrl))
    log.warn({ field: 'http.publicUrl', address: originOf(http.publicUrl) }, `${UNENCRYPTED}; give https://`);
}
