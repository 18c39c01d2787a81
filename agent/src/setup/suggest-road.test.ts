import { polygonContains } from '@roadwatch/contract';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { suggestRoad } from './suggest-road.ts';

const svg = (inside: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">${inside}</svg>`))
    .jpeg()
    .toBuffer();

const GRASS =
  '<rect width="1280" height="720" fill="#4a7a35"/><rect width="1280" height="250" fill="#a8c8e8"/>';

describe('what is suggested as road', () => {
  test('is the grey that comes together in the distance, over its markings, and not what lies beside it', async () => {
    const road = await suggestRoad(
      await svg(
        `${GRASS}<path d="M100 720 L600 250 L680 250 L1180 720 Z" fill="#6b6b6e"/>` +
          '<path d="M630 720 L638 250 L642 250 L650 720 Z" fill="#eee" stroke-dasharray="9"/>',
      ),
    );
    expect(road).not.toBeNull();
    const holds = (x: number, y: number): boolean => polygonContains(road ?? [], [x, y]);
    expect([holds(0.5, 0.9), holds(0.4, 0.7), holds(0.5, 0.45)]).toEqual([true, true, true]);
    expect([holds(0.05, 0.6), holds(0.95, 0.6), holds(0.5, 0.2)]).toEqual([false, false, false]);
  });

  test.each([
    ['a picture of one colour', '<rect width="1280" height="720" fill="#777"/>'],
    ['noise of all colours', `${GRASS}<g>${blocks()}</g>`],
    [
      'a shape that grows wider upwards',
      `${GRASS}<path d="M560 720 L0 240 L1280 240 L720 720 Z" fill="#666"/>`,
    ],
  ])('is nothing in %s', async (_, picture) => {
    expect(await suggestRoad(await svg(picture))).toBeNull();
  });
});

function blocks(): string {
  const colours = ['#d33', '#3d3', '#33d', '#dd3', '#3dd', '#d3d', '#111', '#eee'];
  return Array.from({ length: 32 * 18 }, (_, index) => {
    const [x, y] = [(index % 32) * 40, Math.floor(index / 32) * 40];
    return `<rect x="${x}" y="${y}" width="40" height="40" fill="${colours[(index * 7 + (index >> 5) * 3) % 8]}"/>`;
  }).join('');
}
