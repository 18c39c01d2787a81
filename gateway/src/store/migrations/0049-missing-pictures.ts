/** Why an inspection has no pictures, as the box has said. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('inspections').addColumn('missing', 'text').execute();
}
