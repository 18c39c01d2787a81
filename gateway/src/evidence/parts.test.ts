import { randomBytes } from 'node:crypto';
import { sha256 } from '@roadwatch/contract';
import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { assemble, forgetParts, storePart } from './parts.ts';

const EDGE = { site: 'binjiang', agent: 'edge-1' };

test('a file that another gateway finishes meanwhile is not taken for one whose parts are wrong', async () => {
  const { store } = await testStore();
  const bytes = randomBytes(4_000);
  const file = { ...EDGE, sha256: sha256(bytes) };
  for (const start of [0, 2_000])
    await store.transaction((tx) =>
      storePart(tx, EDGE, { ...file, start, total: 4_000 }, bytes.subarray(start, start + 2_000)),
    );
  expect(await assemble(store.db, file)).toEqual(bytes);
  /** Finishes the file once we have seen that all of it is there. */
  const other: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (result.rows.some((row) => 'start' in row)) await store.transaction((tx) => forgetParts(tx, file));
      return result;
    },
  };
  expect(await assemble(store.db.withPlugin(other), file)).toBeNull();
});
