/** Says at start which lines to other machines are not encrypted. */
import { isOpenToOthers, isThisMachine, originOf } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

const UNENCRYPTED = 'not encrypted: whoever is between here and there reads and alters it';

export function warnOfOpenLines({ broker, http }: Config, log: Logger): void {
  const brokerUrl = broker.url?.reveal();
  if (brokerUrl !== undefined) {
    if (isOpenToOthers(brokerUrl))
      log.warn(
        { field: 'broker.url', address: originOf(brokerUrl) },
        `${UNENCRYPTED}; give mqtts:// or wss://`,
      );
  } else if (broker.tls === null && !isThisMachine(broker.host)) {
    log.warn({ field: 'broker.host', address: broker.host }, `${UNENCRYPTED}; give broker.tls`);
  }
  if (http.publicUrl !== undefined && isOpenToOthers(http.publicUrl))
    log.warn({ field: 'http.publicUrl', address: originOf(http.publicUrl) }, `${UNENCRYPTED}; give https://`);
}
