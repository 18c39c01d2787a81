import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FullNeed, FullStreams, fullStreamsOf } from './full-streams.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** `begun`: who has had a turn, in order. */
function line(most: number) {
  const streams = new FullStreams(most);
  const begun: string[] = [];
  const cameras = new Map<string, object>();
  const of = (name: string): object => {
    const camera = cameras.get(name) ?? {};
    cameras.set(name, camera);
    return camera;
  };
  return {
    streams,
    begun,
    ask: (name: string, need: FullNeed): void => {
      vi.advanceTimersByTime(10);
      streams.ask(of(name), need, () => begun.push(name));
    },
    leave: (name: string): void => streams.leave(of(name)),
  };
}

test('no more run at once than may, and the others have their turn by how long they have waited', () => {
  const { streams, begun, ask, leave } = line(4);
  for (const name of ['a', 'b', 'c', 'd', 'e']) ask(name, 'found');
  // One place is left free for people.
  expect(begun).toEqual(['a', 'b', 'c']);
  expect([streams.running, streams.waiting, streams.isShort]).toEqual([3, 2, true]);
  // Asking again neither loses nor wins a place in the line.
  ask('e', 'found');
  ask('d', 'found');
  leave('b');
  leave('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  // Who has had its turn and asks again is the last.
  ask('f', 'found');
  ask('b', 'found');
  leave('c');
  leave('d');
  expect(begun.slice(5)).toEqual(['f', 'b']);
  expect(streams.isShort).toBe(false);
});

test('people go first, and take neither the last place from what was found, nor does that from them', () => {
  const { begun, ask, leave } = line(3);
  ask('size', 'shape');
  for (const name of ['a', 'b']) ask(name, 'found');
  expect(begun).toEqual(['size', 'a']);
  ask('view', 'asked');
  expect(begun).toEqual(['size', 'a', 'view']);
  ask('inspection', 'asked');
  leave('a');
  expect(begun.slice(3)).toEqual(['inspection']);
  ask('another view', 'asked');
  leave('size');
  // Two for people already: the third place is for what was found, however many people wait.
  expect(begun.slice(4)).toEqual(['b']);
  leave('view');
  expect(begun.slice(5)).toEqual(['another view']);
});

test('a candidate goes before a camera of which only the size is not known, also where that becomes one', () => {
  const { begun, ask, leave } = line(2);
  ask('first', 'found');
  ask('x', 'shape');
  ask('y', 'shape');
  ask('y', 'found');
  leave('first');
  leave('y');
  expect(begun).toEqual(['first', 'y', 'x']);
});

test('more places count at once, and a long wait is told with how many wait and how many run', () => {
  const { streams, begun, ask } = line(2);
  for (const name of ['a', 'b', 'c']) ask(name, 'found');
  vi.advanceTimersByTime(30_000);
  expect(streams.troubles).toEqual([]);
  vi.advanceTimersByTime(40_000);
  expect(streams.troubles).toMatchObject([{ code: 'full_streams_short' }]);
  expect(streams.troubles[0]?.detail).toMatch(/^2 cameras wait .* 70 s; 2 run at once/);
  streams.most = 4;
  expect(begun).toEqual(['a', 'b', 'c']);
  expect(streams.troubles).toEqual([]);
});

test('so many as the settings say, or as the machine has processors for', () => {
  expect(fullStreamsOf({ fullStreams: 5 })).toBe(5);
  expect(fullStreamsOf({}) % 8).toBe(0);
});

test('what was found goes before a stream that stands in for another, and that before one of which only the size is asked', () => {
  const { begun, ask, leave } = line(2);
  ask('a', 'found');
  ask('size', 'shape');
  ask('stands in', 'look');
  ask('b', 'found');
  for (const name of ['a', 'b', 'stands in']) leave(name);
  expect(begun).toEqual(['a', 'b', 'stands in', 'size']);
});
