/** Addresses and cookies as the browser needs them, also behind a proxy and under a path. */
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { addressOf, basePath } from '../config/public-url.ts';

type Http = Pick<Config['http'], 'publicUrl'>;

/** Absolute: by `http.publicUrl`, else by the address that the request came to. */
export function addressFor(
  http: Http,
  request: Pick<FastifyRequest, 'protocol' | 'host'>,
  path: string,
): string {
  return addressOf(http, path) ?? `${request.protocol}://${request.host}${path}`;
}

/** Where cookies are sent to, and whether over TLS only. */
export function cookieScope(http: Http) {
  return {
    path: `${basePath(http)}/`,
    httpOnly: true,
    sameSite: 'strict',
    secure: http.publicUrl?.startsWith('https:') ?? false,
  } as const;
}

/** What a proxy that leaves the path on passes, as the routes know it; one that takes it off passes just that. */
export function withoutBasePath(http: Http, url: string): string {
  const base = basePath(http);
  if (base === '' || !url.startsWith(base)) return url;
  const rest = url.slice(base.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
