import type { Alert } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { earlierAt } from '../desk/facts/earlier.ts';
import { positionText } from './position.tsx';
import { routeOf } from './route.ts';

const at = (id: string, box: Alert['box'], minute: number) =>
  ({ id, box, createdAt: new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString() }) as Alert;

test('earlier alerts at a place overlap it or lie close by, the latest first', () => {
  const alert = at('now', [0.5, 0.5, 0.1, 0.1], 30);
  const others = [
    at('far', [0.1, 0.1, 0.1, 0.1], 1),
    at('overlapping', [0.55, 0.55, 0.2, 0.2], 2),
    at('beside', [0.41, 0.5, 0.08, 0.1], 3),
    at('later', [0.5, 0.5, 0.1, 0.1], 40),
    alert,
  ];
  expect(earlierAt(alert, others).map(({ id }) => id)).toEqual(['beside', 'overlapping']);
});

test('a position is written with its half of the globe', () => {
  expect(positionText({ latitude: 30.2084, longitude: 120.2123 })).toEqual(['30.20840° N', '120.21230° E']);
  expect(positionText({ latitude: -1.5, longitude: -0.25 })).toEqual(['1.50000° S', '0.25000° W']);
});

test.each([
  ['/', { page: 'desk' }],
  ['/tickets', { page: 'tickets' }],
  ['/tickets/42', { page: 'ticket', id: '42', scene: false }],
  ['/tickets/42/scene', { page: 'ticket', id: '42', scene: true }],
  ['/cameras', { page: 'cameras', live: null }],
  ['/cameras/site/edge-1/north', { page: 'cameras', live: 'site/edge-1/north' }],
  ['/agents', { page: 'agents' }],
  ['/verdicts', { page: 'verdicts' }],
  ['/nowhere', { page: 'desk' }],
])('the address %s is a page', (path, route) => expect(routeOf(path)).toEqual(route));
