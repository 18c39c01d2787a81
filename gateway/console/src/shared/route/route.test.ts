import { expect, test } from 'vitest';
import { routeOf } from './route.ts';

test.each([
  ['/', { page: 'desk', alert: null }],
  ['/alerts/42', { page: 'desk', alert: '42' }],
  ['/tickets', { page: 'tickets' }],
  ['/tickets/42', { page: 'ticket', id: '42', scene: false }],
  ['/tickets/42/scene', { page: 'ticket', id: '42', scene: true }],
  ['/cameras', { page: 'cameras', live: null }],
  ['/cameras/site/edge-1/north/live', { page: 'cameras', live: 'site/edge-1/north' }],
  ['/cameras/site/edge-1/north', { page: 'camera', site: 'site', agent: 'edge-1', camera: 'north' }],
  ['/figures', { page: 'figures', month: null }],
  ['/figures/report/2026-11', { page: 'figures', month: '2026-11' }],
  ['/map', { page: 'map' }],
  ['/agents', { page: 'agents' }],
  ['/agents/site', { page: 'agents' }],
  ['/agents/site/edge-1', { page: 'agent', site: 'site', agent: 'edge-1' }],
  ['/verdicts', { page: 'verdicts' }],
  ['/admin', { page: 'admin', part: null }],
  ['/admin/users', { page: 'admin', part: 'users' }],
  ['/tokens', { page: 'admin', part: 'tokens' }],
  ['/nowhere', { page: 'desk', alert: null }],
])('the address %s is a page', (path, route) => expect(routeOf(path)).toEqual(route));
