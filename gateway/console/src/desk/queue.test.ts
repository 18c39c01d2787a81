import type { Alert } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import { arrange, step, successor } from './queue.ts';

function alert(id: string, damageClass: Alert['damageClass'], minute: number): Alert {
  const at = new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString();
  return { id, damageClass, createdAt: at } as Alert;
}
const crack = alert('crack', 'longitudinal_crack', 1);
const oldHole = alert('old-hole', 'pothole', 5);
const newHole = alert('new-hole', 'pothole', 9);
const net = alert('net', 'alligator_crack', 7);
const ids = (queue: readonly Alert[]) => queue.map(({ id }) => id);

describe('the order of the queue', () => {
  test('potholes come first, then network cracks, then the rest, the longest waiting first', () => {
    const { queue } = arrange([], [crack, newHole, net, oldHole], null, false);
    expect(ids(queue)).toEqual(['old-hole', 'new-hole', 'net', 'crack']);
  });

  test('a new alert never moves the selected one or what is above it', () => {
    const { queue } = arrange(['net', 'crack'], [crack, net, oldHole], 'crack', false);
    expect(ids(queue)).toEqual(['net', 'crack', 'old-hole']);
  });

  test('below the selected one a new alert takes its place by severity', () => {
    const { queue } = arrange(
      ['old-hole', 'net', 'crack'],
      [crack, net, oldHole, newHole],
      'old-hole',
      false,
    );
    expect(ids(queue)).toEqual(['old-hole', 'new-hole', 'net', 'crack']);
  });

  test('while the pointer is on the list new alerts are counted and wait outside', () => {
    const held = arrange(['crack'], [crack, newHole, net], 'crack', true);
    expect(ids(held.queue)).toEqual(['crack']);
    expect(held.waiting).toBe(2);
  });

  test('but not the selected one, which an undo has brought back', () => {
    const held = arrange(['crack'], [crack, newHole, net], 'net', true);
    expect(ids(held.queue)).toEqual(['net', 'crack']);
    expect(held.waiting).toBe(1);
  });

  test('the first alert of an empty queue does not wait', () => {
    expect(ids(arrange([], [crack], null, true).queue)).toEqual(['crack']);
  });

  test('an alert that was judged elsewhere leaves, the others keep their places', () => {
    const { queue } = arrange(['crack', 'old-hole', 'net'], [net, crack], 'net', false);
    expect(ids(queue)).toEqual(['crack', 'net']);
  });
});

describe('which alert is next', () => {
  const queue = [oldHole, net, crack];
  test.each([
    ['old-hole', 'net'],
    ['net', 'crack'],
    ['crack', 'net'],
  ])('after a verdict on %s comes %s', (judged, next) => expect(successor(queue, judged)).toBe(next));

  test('after the only one comes nothing', () => expect(successor([crack], 'crack')).toBeNull());

  test.each([
    ['old-hole', 1, 'net'],
    ['crack', 1, 'crack'],
    ['old-hole', -1, 'old-hole'],
    ['gone', 1, 'old-hole'],
  ] as const)('from %s by %i stands %s', (from, by, to) => expect(step(queue, from, by)).toBe(to));
});
