import { expect, test } from 'vitest';
import { cutPower } from './support/power-cuts.ts';

test('a box whose power is cut while a model comes to it runs after each cut, and has the model in the end', async () => {
  expect((await cutPower(15, 3)).cuts).toBe(3);
}, 120_000);
