import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteDialect } from '../sqlite.ts';
import type { Tables } from '../tables/index.ts';
import { MIGRATIONS, migrate, type StoreMigration } from './migrate.ts';

const CATS: StoreMigration = {
  up: (db: Kysely<unknown>) => db.schema.createTable('cats').addColumn('id', 'text').execute(),
};

/** A store that version 2.5.0 has been at, with these steps of its own. */
async function updated(steps: Readonly<Record<string, StoreMigration>>): Promise<Kysely<Tables>> {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-store-'));
  const db = new Kysely<Tables>({ dialect: sqliteDialect(join(folder, 'gateway.sqlite')) });
  onTestFinished(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true });
  });
  await migrate(db, 0, { migrations: { ...MIGRATIONS, ...steps }, version: '2.5.0' });
  return db;
}

test('a gateway refuses a store that a newer one has made unfit for it, and names both versions and what to do', async () => {
  const db = await updated({ '9000-cats': CATS, '9001-dogs': { up: async () => {}, breaking: true } });
  await expect(migrate(db, 0, { version: '2.4.0' })).rejects.toThrow(
    /newer shape \(9001-dogs\) by gateway 2\.5\.0.* this one, 2\.4\.0.*run gateway 2\.5\.0 or newer.*restore a backup/,
  );
});

test('a gateway works on a store whose newer steps it can live with, and says which they are', async () => {
  const db = await updated({ '9000-cats': CATS });
  expect(await migrate(db, 0)).toEqual(['9000-cats']);
});

test('a newer store that says nothing of its steps is refused, too', async () => {
  const db = await updated({ '9000-cats': CATS });
  await db.deleteFrom('store_shapes').execute();
  await expect(migrate(db, 0)).rejects.toThrow(/newer shape \(9000-cats\) by gateway an unknown/);
  await db.schema.dropTable('store_shapes').execute();
  await expect(migrate(db, 0)).rejects.toThrow(/newer shape \(9000-cats\)/);
});

test('a store that has its shape already is left as it is', async () => {
  expect(await migrate(await updated({}), 0)).toEqual([]);
});
