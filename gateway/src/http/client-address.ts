/** Where requests come from: one bucket for a network that somebody has to themselves, and a word when a proxy hides all of them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { addressBucket } from '../identity/guess-limit.ts';

export function bucketOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return addressBucket(ip);
}

/** Once: without the name of its proxy, everybody has the proxy's address, and shares its limits. */
export function warnOfUnnamedProxy(
  server: Pick<FastifyInstance, 'addHook'>,
  { http }: Pick<Config, 'http'>,
  log: Pick<Logger, 'warn'>,
): void {
  if (http.trustProxy !== false) return;
  let said = false;
  server.addHook('onRequest', async (request) => {
    if (said || request.headers['x-forwarded-for'] === undefined) return;
    said = true;
    log.warn(
      { address: request.ip },
      'requests come through a proxy that http.trustProxy does not name: everybody shares its address and its limits',
    );
  });
}
