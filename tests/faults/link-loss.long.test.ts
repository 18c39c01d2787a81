import { test } from 'vitest';
import { overLine } from './support/over-line.ts';
import { LIMIT_MS, SEED } from './support/run.ts';

test(
  `everything arrives over a line that loses 30 % of its segments, and no detection waits behind a clip (seed ${SEED})`,
  {
    timeout: LIMIT_MS,
  },
  () => overLine('link-loss', '30 % loss', { loss: 0.3 }),
);
