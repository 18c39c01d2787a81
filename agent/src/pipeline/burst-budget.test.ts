import { expect, test } from 'vitest';
import { BurstBudget } from './burst-budget.ts';

function machine(cores: number): { cores: number; use(used: number): void } {
  return {
    cores,
    use(used: number) {
      this.cores -= used;
    },
  };
}

const inTime = () => false;

test('a box without a moment to spare still looks closely at one camera, and at one only', () => {
  const budget = new BurstBudget(4, machine(0), inTime);
  expect([budget.take(), budget.take()]).toEqual([true, false]);
  budget.give();
  expect(budget.take()).toBe(true);
});

test('an idle box looks closely at as many as its idle cores carry', () => {
  const budget = new BurstBudget(4, machine(1.2), inTime);
  expect([1, 2, 3].map(() => budget.take())).toEqual([true, true, false]);
});

test('never at more than the places there are', () => {
  const budget = new BurstBudget(2, machine(16), inTime);
  expect([1, 2, 3].map(() => budget.take())).toEqual([true, true, false]);
});

test('while cameras are looked at too late, only what somebody waits for is looked at closely', () => {
  const budget = new BurstBudget(4, machine(0), () => true);
  expect([budget.take(), budget.take(true), budget.take(true)]).toEqual([false, true, false]);
});
