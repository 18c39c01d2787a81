/** Who comes to a stream that runs already sees a picture at once; who cannot keep up misses pictures, and begins again at a keyframe. */
import { EventEmitter } from 'node:events';
import { LIVE_MESSAGE } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { Viewers } from './viewers.ts';

const MEGABYTE = 1024 * 1024;

function viewer() {
  const got: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (data: Buffer) => got.push(data.toString('latin1', 1, 3)),
    close: (code: number) => {
      got.push(`closed ${code}`);
      socket.emit('close');
    },
    terminate: () => {},
  });
  return { got, socket, as: socket as unknown as WebSocket };
}

const message = (kind: keyof typeof LIVE_MESSAGE, name: string, bytes = 0): Buffer =>
  Buffer.concat([Buffer.from([LIVE_MESSAGE[kind]]), Buffer.from(name), Buffer.alloc(bytes)]);

test('a viewer who comes later gets the beginning, and all since the last keyframe', () => {
  const viewers = new Viewers();
  const [early, late] = [viewer(), viewer()];
  viewers.add(early.as);
  for (const [kind, name] of [
    ['init', 'in'],
    ['keyframe', 'k1'],
    ['picture', 'p1'],
    ['keyframe', 'k2'],
    ['picture', 'p2'],
  ] as const)
    viewers.push(message(kind, name));
  viewers.add(late.as);
  viewers.push(message('picture', 'p3'));
  expect(early.got).toEqual(['in', 'k1', 'p1', 'k2', 'p2', 'p3']);
  expect(late.got).toEqual(['in', 'k2', 'p2', 'p3']);
});

test('a viewer on a slow line misses all up to a keyframe that finds room', () => {
  const viewers = new Viewers();
  const slow = viewer();
  viewers.push(message('init', 'in'));
  viewers.add(slow.as);
  viewers.push(message('keyframe', 'k1'));
  slow.socket.bufferedAmount = 9 * MEGABYTE;
  viewers.push(message('picture', 'p1'));
  slow.socket.bufferedAmount = 0;
  viewers.push(message('picture', 'p2'));
  viewers.push(message('keyframe', 'k2'));
  viewers.push(message('picture', 'p3'));
  expect(slow.got).toEqual(['in', 'k1', 'k2', 'p3']);
});

test('no more is kept than a keyframe interval of 4K: who comes then waits for the next', () => {
  const viewers = new Viewers();
  viewers.push(message('init', 'in'));
  viewers.push(message('keyframe', 'k1', 4 * MEGABYTE));
  viewers.push(message('picture', 'p1', 4 * MEGABYTE));
  viewers.push(message('picture', 'p2', MEGABYTE));
  const late = viewer();
  viewers.add(late.as);
  viewers.push(message('picture', 'p3'));
  viewers.push(message('keyframe', 'k2'));
  expect(late.got).toEqual(['in', 'k2']);
});

test('a viewer without room for a new beginning is turned away, for it could play nothing after it', () => {
  const viewers = new Viewers();
  const slow = viewer();
  viewers.add(slow.as);
  viewers.push(message('init', 'i1'));
  slow.socket.bufferedAmount = 9 * MEGABYTE;
  viewers.push(message('init', 'i2'));
  slow.socket.bufferedAmount = 0;
  viewers.push(message('keyframe', 'k1'));
  expect(slow.got).toEqual(['i1', 'closed 1013']);
  expect(viewers.count).toBe(0);
});

test('of messages that say nothing, or of very many, no more is kept', () => {
  const viewers = new Viewers();
  viewers.push(message('init', 'in'));
  viewers.push(message('keyframe', 'k1'));
  for (const nothing of [Buffer.alloc(0), Buffer.from([9])]) viewers.push(nothing);
  const late = viewer();
  viewers.add(late.as);
  expect(late.got).toEqual(['in', 'k1']);
  for (let n = 0; n < 4_000; n++) viewers.push(message('picture', 'p1'));
  const later = viewer();
  viewers.add(later.as);
  expect(later.got).toEqual(['in']);
});
