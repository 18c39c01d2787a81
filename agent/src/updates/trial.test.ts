import { expect, test } from 'vitest';
import type { Tally } from './state.ts';
import { judgeTrial } from './trial.ts';

const TERMS = { maxSlowdown: 3, maxJump: 3 };
const tally = (change: Partial<Tally>): Tally => ({
  frames: 1000,
  candidates: 10,
  elapsedMs: 20_000,
  errors: 0,
  ...change,
});

const cases: readonly [what: string, trial: Partial<Tally>, losses: number, code: string | null][] = [
  ['does as well', {}, 0, null],
  ['finds twice as many candidates', { candidates: 20 }, 0, null],
  ['finds somewhat more than it may by chance', { candidates: 45 }, 0, null],
  ['finds ten times as many', { candidates: 100 }, 0, 'candidates_jumped'],
  ['takes twice the time', { elapsedMs: 40_000 }, 0, null],
  ['takes four times the time', { elapsedMs: 80_000 }, 0, 'too_slow'],
  ['is slow, in the few frames that there were', { frames: 5, elapsedMs: 5_000, candidates: 5 }, 0, null],
  ['failed on one frame', { errors: 1 }, 0, null],
  ['failed on three, whatever else it did', { frames: 0, elapsedMs: 0, errors: 3 }, 0, 'model_failed'],
  ['lost one thread', {}, 1, null],
  ['lost thread after thread', { frames: 0, elapsedMs: 0 }, 2, 'model_failed'],
];
test.each(cases)('a model that %s', (_, trial, losses, code) => {
  expect(judgeTrial(tally({}), tally(trial), losses, TERMS)?.code ?? null).toBe(code);
});

test('where there was nothing to be found before, the first candidates are no jump, and dozens are', () => {
  const before = tally({ candidates: 0 });
  expect(judgeTrial(before, tally({ frames: 100, elapsedMs: 2_000, candidates: 4 }), 0, TERMS)).toBeNull();
  expect(judgeTrial(before, tally({ frames: 100, elapsedMs: 2_000, candidates: 40 }), 0, TERMS)?.code).toBe(
    'candidates_jumped',
  );
});

test('a box that had analysed nothing before judges by time only what it can', () => {
  const before = tally({ frames: 0, candidates: 0, elapsedMs: 0 });
  expect(judgeTrial(before, tally({ elapsedMs: 1e6, candidates: 0 }), 0, TERMS)).toBeNull();
});

test('a frame of less than a millisecond is never slow', () => {
  const before = tally({ elapsedMs: 10 });
  expect(judgeTrial(before, tally({ elapsedMs: 900 }), 0, TERMS)).toBeNull();
});
