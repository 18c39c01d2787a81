import type { TicketState } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { grouped, newlyAsked } from './groups.ts';

const row = (id: string, state: TicketState) => ({ id, ticket: { state } });

test('what is new stands before what is to be done again, that before what is worked on and what waits elsewhere', () => {
  const rows = [
    row('a', 'inspecting'),
    row('b', 'accepted'),
    row('c', 'rework'),
    row('d', 'dispatched'),
    row('e', 'on_site'),
  ];
  expect(grouped(rows).map(([group, own]) => [group, own.map(({ id }) => id).join('')])).toEqual([
    ['newOrders', 'd'],
    ['again', 'c'],
    ['atWork', 'be'],
    ['elsewhere', 'a'],
  ]);
});

test('a sound is for an order that has come and for a repair to be done again, once each', () => {
  const ticket = (id: string, state: TicketState) => ({ id, state });
  const before = [ticket('a', 'dispatched'), ticket('b', 'inspecting')];
  expect(newlyAsked(before, [ticket('a', 'dispatched'), ticket('b', 'rework')])).toEqual(['b']);
  expect(newlyAsked(before, [ticket('a', 'accepted'), ticket('c', 'dispatched')])).toEqual(['c']);
  expect(newlyAsked(before, before)).toEqual([]);
});
