import { defineConfig } from 'vitest/config';

// Long suites (soaks, fault histories) live in *.long.test.ts and run under `npm run test:long`.
const long = process.env.ROADWATCH_LONG === '1';

const common = {
  pool: 'forks',
  testTimeout: long ? 3_600_000 : 60_000,
  hookTimeout: 60_000,
  teardownTimeout: 20_000,
} as const;
const NEVER = ['**/node_modules/**', '**/dist/**'];
const FAULTS = 'tests/faults/**/*.long.test.ts';

export default defineConfig({
  test: long
    ? {
        projects: [
          {
            test: {
              ...common,
              name: 'long',
              include: ['**/*.long.test.ts'],
              exclude: [...NEVER, FAULTS],
              maxWorkers: 2,
            },
          },
          {
            // One after the other, for they measure how soon all is well again.
            test: {
              ...common,
              name: 'faults',
              include: [FAULTS],
              exclude: NEVER,
              maxWorkers: 1,
              sequence: { groupOrder: 1 },
              globalSetup: ['tests/faults/support/collect.ts'],
            },
          },
        ],
      }
    : {
        ...common,
        include: ['**/*.test.ts'],
        exclude: [...NEVER, '**/*.long.test.ts'],
        maxWorkers: 2,
      },
});
