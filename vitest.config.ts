import { defineConfig } from 'vitest/config';

// Long suites (soaks, fault histories) live in *.long.test.ts and run under `npm run test:long`.
const long = process.env.ROADWATCH_LONG === '1';

export default defineConfig({
  test: {
    include: [long ? '**/*.long.test.ts' : '**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: long ? 3_600_000 : 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
});
