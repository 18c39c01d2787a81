/**
 * Who may call which route. Each route says it where it stands, and none can be registered without; whoever asks is then checked
 * by the route that the router has matched, never by the text of an address, which has many spellings.
 */
import { ROLES, type Role, SCOPES, type Scope } from '@roadwatch/contract/api';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** `public`: no login needed, or the route has its own, such as a signature or the link of a crew. */
export type Access = 'public' | readonly Role[];

export const DESK: readonly Role[] = ['operator', 'shift_lead', 'admin'];
export const EVERYBODY: readonly Role[] = ['operator', 'shift_lead', 'unit', 'inspector', 'viewer', 'admin'];
/** Who sees the whole city; a unit sees its own tickets only. */
export const CITY: readonly Role[] = ['operator', 'shift_lead', 'inspector', 'viewer', 'admin'];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** What a token needs for this route; left out, tokens are refused. */
    scope?: Scope;
  }
  interface FastifyInstance {
    routeTable: readonly RouteAccess[];
  }
}

export interface RouteAccess {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly scope: Scope | null;
}

/**
 * Must be called before any route is registered. `plugins` are prefixes of routes that others' plugins register, which cannot say
 * it themselves. From then on a route without a declared access throws where it is registered.
 */
export function declareAccess(server: FastifyInstance, plugins: Readonly<Record<string, Access>>): void {
  const table: RouteAccess[] = [];
  server.decorate('routeTable', table);
  server.addHook('onRoute', (route) => {
    const access = route.config?.access ?? ofPlugin(route, plugins);
    const { scope } = route.config ?? {};
    for (const method of [route.method].flat()) {
      const name = `${method} ${route.url}`;
      if (access === undefined) throw new Error(`${name}: declares no access; expected public or roles`);
      if (access !== 'public' && (access.length === 0 || access.some((role) => !ROLES.includes(role))))
        throw new Error(`${name}: access: ${access.join(', ')} is not allowed; expected ${ROLES.join(', ')}`);
      if (scope !== undefined && !SCOPES.includes(scope))
        throw new Error(`${name}: scope: ${scope} is not allowed; expected ${SCOPES.join(', ')}`);
      table.push({ method, url: route.url, access, scope: scope ?? null });
    }
    route.config = { ...route.config, access: access as Access };
  });
}

function ofPlugin({ url }: RouteOptions, plugins: Readonly<Record<string, Access>>): Access | undefined {
  return Object.entries(plugins).find(([prefix]) => url === prefix || url.startsWith(`${prefix}/`))?.[1];
}

const NAMES: readonly [readonly Role[], string][] = [
  [EVERYBODY, 'everybody'],
  [CITY, 'city'],
  [DESK, 'desk'],
];

/** As a Markdown table, ordered by address; the answers to HEAD and to other methods of one address are together where alike. */
export function tableText(routes: readonly RouteAccess[]): string {
  const rows = new Map<string, string[]>();
  for (const { method, url, access, scope } of routes) {
    const who = access === 'public' ? 'public' : nameOf(access);
    const key = `${url} | ${who} | ${scope ?? ''}`;
    rows.set(key, [...(rows.get(key) ?? []), method]);
  }
  const lines = [...rows].map(([key, methods]) => {
    const [url, who, scope] = key.split(' | ');
    return `| \`${url}\` | ${[...new Set(methods)].sort().join(' ')} | ${who} | ${scope} |`;
  });
  const head = '| route | methods | who | scope of a token |\n|---|---|---|---|\n';
  return `${head}${lines.sort().join('\n')}\n`;
}

function nameOf(access: readonly Role[]): string {
  const same = (roles: readonly Role[]): boolean =>
    roles.length === access.length && roles.every((role) => access.includes(role));
  return NAMES.find(([roles]) => same(roles))?.[1] ?? access.join(', ');
}
