/** A store that a newer gateway has been at: whether this one can live with it, and if not, what to do. */
import type { Kysely } from 'kysely';
import type { StoreShapeRow, Tables } from '../tables/index.ts';

const LEDGER = 'kysely_migration';

/** The store is of a newer gateway, and this one would harm it. */
class StoreTooNew extends Error {
  override readonly name = 'StoreTooNew';
}

/** The steps in a store that this program does not know and can live with. Throws StoreTooNew for one that it cannot. */
export async function unknownShapes(
  db: Kysely<Tables>,
  known: readonly string[],
  version: string,
): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === LEDGER)) return [];
  const ledger = db as unknown as Kysely<{ [LEDGER]: { name: string } }>;
  const taken = await ledger.selectFrom(LEDGER).select('name').orderBy('name').execute();
  const unknown = taken.map(({ name }) => name).filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  const shapes = tables.some(({ name }) => name === 'store_shapes')
    ? await db.selectFrom('store_shapes').selectAll().where('migration', 'in', unknown).execute()
    : [];
  const harmless = new Set(shapes.filter(({ breaking }) => breaking === 0).map(({ migration }) => migration));
  const harmful = unknown.find((name) => !harmless.has(name));
  if (harmful === undefined) return unknown;
  throw new StoreTooNew(sentence(harmful, shapes, version, known.toSorted().at(-1) ?? 'none'));
}

function sentence(
  migration: string,
  shapes: readonly StoreShapeRow[],
  version: string,
  newest: string,
): string {
  const by = shapes.find((shape) => shape.migration === migration)?.gateway ?? 'an unknown version';
  return `the store was brought to a newer shape (${migration}) by gateway ${by}, with which this one, ${version} (up to ${newest}), cannot work: run gateway ${by} or newer that knows it, or restore a backup from before the update into a new store`;
}
