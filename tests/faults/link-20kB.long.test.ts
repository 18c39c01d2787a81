import { test } from 'vitest';
import { overLine } from './support/over-line.ts';
import { LIMIT_MS, SEED } from './support/run.ts';

test(
  `everything arrives over a line of 20 kB/s, and no detection waits behind a clip (seed ${SEED})`,
  {
    timeout: LIMIT_MS,
  },
  () => overLine('link-20kB', '20 kB/s', { bytesPerSecond: 20_000 }),
);
