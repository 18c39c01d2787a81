import { expect, test } from 'vitest';
import type { Brightness } from './place-look.ts';
import { PlaceMemory } from './place-memory.ts';

const SIZE = { width: 320, height: 192 };
const PLACE = { id: 'hole', view: 'street', damageClass: 'pothole', box: [0.4, 0.4, 0.2, 0.2] } as const;
/** In pixels. */
const HOLE = { left: 128, top: 77, right: 192, bottom: 115 };

/** A rough road, with the place on it dug out, or paved. */
function road(isWhole: boolean): Brightness {
  const plane = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      const grain = 110 + 30 * Math.sin(x / 9) * Math.cos(y / 7);
      const isInside = x >= HOLE.left && x < HOLE.right && y >= HOLE.top && y < HOLE.bottom;
      const rubble = 70 + 40 * Math.sin(x / 4) * Math.sin(y / 5);
      plane[y * SIZE.width + x] = isInside ? (isWhole ? 140 : rubble) : grain;
    }
  }
  return { plane, stride: SIZE.width, size: SIZE };
}

test('of damage that was seen once nobody can say that it is gone; seen again it is known well, and its repair is seen', () => {
  const memory = new PlaceMemory([]);
  memory.learn(PLACE, road(false));
  expect(memory.isKnownWell(PLACE.id)).toBe(false);
  expect(memory.look(PLACE.id, road(true))).toBe('unseen');
  memory.learn(PLACE, road(false));
  expect(memory.isKnownWell(PLACE.id)).toBe(true);
  expect(memory.look(PLACE.id, road(true))).toBe('clear');
  expect(memory.look(PLACE.id, road(false))).toBe('as-damaged');
});

test('a field is seen whole when all that is told with it is', () => {
  const memory = new PlaceMemory([]);
  const part = { ...PLACE, id: 'part', partOf: PLACE.id };
  for (const place of [PLACE, part, PLACE, part]) memory.learn(place, road(false));
  for (const place of [PLACE, part]) {
    expect(memory.lookAtField(place, road(false))).toBe('as-damaged');
    expect(memory.lookAtField(place, road(true))).toBe('clear');
  }
  const other = { ...PLACE, id: 'seen once', partOf: PLACE.id };
  memory.learn(other, road(false));
  expect(memory.lookAtField(PLACE, road(true))).toBe('unseen');
  expect(memory.look(PLACE.id, road(true))).toBe('clear');
});
