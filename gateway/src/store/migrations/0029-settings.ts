/** The city's settings with every version, what is secret in them, and the areas of units; a clock says by which calendar it began. */
import type { Kysely } from 'kysely';
import { table } from './schema.ts';

/** An older gateway would go by its file, and by the newest calendar for clocks that began by another. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'settings_versions', {
    section: 'text!',
    version: 'count!',
    at: 'instant',
    author: 'text',
    undo_of: 'count?',
    document: 'text',
  });
  await table(db, 'settings_secrets', { id: 'text!', at: 'instant', key_id: 'text', sealed: 'text' });
  await table(db, 'settings_areas', { sha256: 'text!', at: 'instant', points: 'count', geojson: 'text' });
  await db.schema
    .alterTable('clocks')
    .addColumn('calendar_version', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}
