import { type EvidenceRef, timestamp } from '@roadwatch/contract';
import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { recordEvidence } from '../evidence/records.ts';
import type { Store } from '../store/database.ts';
import { lastPicture, lastPictures } from './last-picture.ts';
import { cameraKey } from './names.ts';
import type { CameraOf } from './source.ts';

const T0 = Date.parse('2026-11-23T08:00:00.000Z');
const named = (camera: string): CameraOf => ({ site: 'binjiang', agent: 'edge-1', camera });
const digest = (name: string): string => name.repeat(64).slice(0, 64);

/** Has the bytes of these come. */
async function come(store: Store, ...names: readonly string[]): Promise<void> {
  await store.transaction(async (tx) => {
    for (const name of names)
      await recordEvidence(tx, { sha256: digest(name), contentType: 'image/jpeg', bytes: 1 });
  });
}

async function asked(store: Store, of: CameraOf, name: string, at: number): Promise<void> {
  await store.transaction((tx) =>
    tx.db
      .insertInto('asked_pictures')
      .values({ ...of, sha256: digest(name), captured_at: at })
      .execute(),
  );
}

/** A look at a repair, which took these stills, the first at `at` and each next a second later. */
async function looked(store: Store, of: CameraOf, at: number, names: readonly string[]): Promise<void> {
  const id = `${of.camera}-${at}`;
  const evidence = names.map(
    (name, n): EvidenceRef => ({
      ...{ name: `${name}.jpg`, kind: 'still', contentType: 'image/jpeg', bytes: 1 },
      ...{ sha256: digest(name), capturedAt: timestamp(at + n * 1000) },
    }),
  );
  const times = { created_at: at, created_by: 'user:x', updated_at: at };
  const ticket = {
    ...{ id, number: id, alert_id: id, state: 'closed', damage_class: 'pothole', unit_id: 'all' },
    ...{ ...of, ...times, version: 1 },
  };
  const inspection = {
    ...{ id, ticket_id: id, state: 'done', result: 'pass', evidence: JSON.stringify(evidence) },
    ...{ attempts: 1, max_attempts: 3, retry_ms: 1, requested_at: at, requested_by: 'system', ended_at: at },
  };
  await store.transaction(async (tx) => {
    await tx.db
      .insertInto('tickets')
      .values(ticket as never)
      .execute();
    await tx.db
      .insertInto('inspections')
      .values(inspection as never)
      .execute();
  });
}

/** The same store, and how often it has been asked. */
function counted(store: Store) {
  const asks = { count: 0 };
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      asks.count++;
      return result;
    },
  };
  return { db: store.db.withPlugin(plugin), asks };
}

test('each camera of a page has its own newest picture whose bytes are kept, and a page asks as often as one camera', async () => {
  const { store } = await testStore();
  const cameras = ['a', 'b', 'c', 'd'].map(named) as [CameraOf, CameraOf, CameraOf, CameraOf];
  const [a, b, c] = cameras;
  await come(store, '1', '2', '3', '4');
  await asked(store, a, '1', T0);
  await looked(store, a, T0 + 5_000, ['2', '9']);
  await looked(store, b, T0, ['3']);
  await asked(store, b, '4', T0 + 60_000);
  // Nothing of it has come.
  await looked(store, c, T0, ['8']);
  const page = counted(store);
  const found = await lastPictures(page.db, cameras);
  expect([...found].sort()).toEqual([
    [cameraKey(a), { sha256: digest('2'), capturedAt: timestamp(T0 + 5_000) }],
    [cameraKey(b), { sha256: digest('4'), capturedAt: timestamp(T0 + 60_000) }],
  ]);
  const one = counted(store);
  expect(await lastPicture(one.db, a)).toEqual(found.get(cameraKey(a)));
  expect(page.asks).toEqual(one.asks);
});
