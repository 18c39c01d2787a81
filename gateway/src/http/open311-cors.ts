/**
 * Pages of other sites may read and report (Fetch standard, 3.2): no cookie counts here, so there is nothing that they could do in
 * somebody else's name; who reports does so by the key that the page has.
 */
import type { Server } from './server.ts';

const ALLOWED = {
  'access-control-allow-origin': '*',
  // Set by helmet for the whole server, it would keep the answer from the page after all.
  'cross-origin-resource-policy': 'cross-origin',
} as const;
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key',
  'access-control-max-age': '86400',
} as const;

export function openToBrowsers(scope: Server): void {
  // Last of all, so that refusals carry them as well.
  scope.addHook('onSend', async (_request, reply) => {
    reply.headers(ALLOWED);
  });
  const config = { access: 'public', rateLimit: { max: 120, timeWindow: 60_000 } } as const;
  scope.options('/*', { schema: { hide: true }, config }, async (_request, reply) =>
    reply.code(204).headers(PREFLIGHT).send(),
  );
}
