/** The audit says from which address somebody did something. */
import type { Kysely } from 'kysely';

/** An older gateway would say of an entry with an address that it has been altered. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('audit_log').addColumn('source', 'text').execute();
}
