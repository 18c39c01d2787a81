import type { Alert } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { earlierAt } from './earlier.ts';

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
