import type { Ticket } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { byDeadline, continued, opened, renewed, settled, type TicketWindow, unsettled } from './window.ts';

const ticket = (id: string, deadline: string | null): Ticket =>
  ({ id, deadlineAt: deadline === null ? null : `2026-11-23T${deadline}:00.000Z` }) as Ticket;
const A = ticket('a', '08:00');
const B = ticket('b', '09:00');
const C = ticket('c', null);
const window = opened({ items: [A, B, C], total: 3, next: null });
const shape = ({ rows }: TicketWindow): string =>
  rows.map((row) => (row.gone ? `(${row.ticket.id})` : row.ticket.id)).join(' ');

test('what changes is in its place at once when nobody is at the list', () => {
  const later = ticket('a', '10:00');
  expect(shape(renewed(window, ['a'], { items: [later], total: 3 }, byDeadline, false))).toBe('b a c');
});

test('under a pointer nothing moves: what has gone says so, and what has come waits', () => {
  const first = ticket('n', '07:00');
  const held = renewed(window, ['a', 'n'], { items: [first], total: 3 }, byDeadline, true);
  expect(shape(held)).toBe('(a) b c');
  expect(unsettled(held, byDeadline)).toBe(2);
  expect(shape(settled(held, byDeadline))).toBe('n b c');
});

test('what has gone and comes back before anything moved is where it was', () => {
  const held = renewed(window, ['a'], { items: [], total: 2 }, byDeadline, true);
  const back = renewed(held, ['a'], { items: [A], total: 3 }, byDeadline, true);
  expect(shape(back)).toBe('a b c');
  expect(unsettled(back, byDeadline)).toBe(0);
});

test('only what lies before the end of what is loaded comes in; the rest comes with its page', () => {
  const part = opened({ items: [A, B], total: 4, next: 'key' });
  const found = { items: [ticket('x', '08:30'), ticket('y', '11:00')], total: 5 };
  const with_ = renewed(part, ['x', 'y'], found, byDeadline, false);
  expect(shape(with_)).toBe('a x b');
  expect(with_.total).toBe(5);
  expect(shape(continued(with_, { items: [B, ticket('y', '11:00'), C], total: 5, next: null }))).toBe(
    'a x b y c',
  );
});
