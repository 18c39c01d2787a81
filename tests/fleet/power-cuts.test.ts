import { expect, test } from 'vitest';
import { cutPower, cutPowerAt } from './support/power-cuts.ts';

test('a box whose power is cut while a model comes to it runs after each cut, and has the model in the end', async () => {
  expect((await cutPower(15, 3)).cuts).toBe(3);
}, 120_000);

test('a model with which the agent ends again and again before it is on trial is refused, so that the box stays up', async () => {
  const { agents } = await cutPowerAt('warming', 4);
  expect(agents).toMatchObject([{ state: 'refused', code: 'restarted_often' }]);
}, 120_000);
