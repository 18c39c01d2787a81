/**
 * How long the body of a request may take to arrive: a sender that drips bytes holds nothing for longer. Routes that take uploads
 * from telephones watch over them themselves.
 */
import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It reads the body, or one of several parts, itself and gives up on one that stalls. */
    readsBody?: boolean | 'multipart';
  }
}

class BodyLate extends Error {
  readonly statusCode = 408;
}

export function limitBodies(server: Pick<FastifyInstance, 'addHook'>, bodyMs: number): void {
  server.addHook('preParsing', async (request, reply, payload) => {
    const { headers, routeOptions } = request;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    const { readsBody } = routeOptions.config;
    const readsItself =
      readsBody === true ||
      (readsBody === 'multipart' && /^multipart\//i.test(headers['content-type'] ?? ''));
    if (!hasBody || readsItself) return payload;
    // Its end must not take the connection with it, on which the answer goes.
    const whole = new PassThrough();
    const timer = setTimeout(() => {
      reply.header('connection', 'close');
      whole.destroy(new BodyLate(`the body did not arrive within ${bodyMs / 1000} s`));
    }, bodyMs);
    whole.once('close', () => clearTimeout(timer));
    // Nobody reads the body of a request that is refused for its type, and an error that nobody hears would end the gateway.
    whole.on('error', () => {});
    payload.once('error', (error) => whole.destroy(error));
    return payload.pipe(whole);
  });
}
