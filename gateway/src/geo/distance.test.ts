import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsAround, latitudesAround, metresBetween } from './distance.ts';

test('distances are those of the ground', () => {
  const westLake = { latitude: 30.2431, longitude: 120.15 };
  expect(metresBetween(westLake, westLake)).toBe(0);
  expect(metresBetween({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 1 })).toBeCloseTo(111_195, 0);
  expect(metresBetween(westLake, { latitude: 30.2431, longitude: 120.151 })).toBeCloseTo(96.07, 1);
});

test('two positions within the radius share a cell, so that who makes an alert at either waits for the other', () => {
  const position = fc.record({
    latitude: fc.double({ min: -80, max: 80, noNaN: true }),
    longitude: fc.double({ min: -179, max: 179, noNaN: true }),
  });
  const offset = fc.double({ min: -0.003, max: 0.003, noNaN: true });
  fc.assert(
    fc.property(position, offset, offset, fc.integer({ min: 1, max: 500 }), (a, north, east, metres) => {
      const b = { latitude: a.latitude + north, longitude: a.longitude + east };
      fc.pre(metresBetween(a, b) <= metres);
      const cells = new Set(cellsAround(a, metres));
      expect(cellsAround(b, metres).some((cell) => cells.has(cell))).toBe(true);
      const [south, above] = latitudesAround(a, metres);
      expect(b.latitude >= south - 1e-9 && b.latitude <= above + 1e-9).toBe(true);
    }),
    { numRuns: 500 },
  );
});
