import { expect, test } from 'vitest';
import { cutPower } from './support/power-cuts.ts';

test('a hundred power cuts at every step of an update leave a running agent, and each model arrives', async () => {
  const { cuts, at } = await cutPower(20261127, 102);
  console.log(`${cuts} cuts: ${JSON.stringify(at)}`);
  expect(cuts).toBe(102);
  expect(Object.keys(at).length).toBeGreaterThanOrEqual(7);
}, 3_600_000);
