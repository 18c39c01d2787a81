/** Alerts of several cameras that are one thing, and places where something was rejected before. */
import { type Kysely, sql } from 'kysely';
import { table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['position_of', 'root_id', 'rejected_as'])
    await db.schema.alterTable('alerts').addColumn(column, 'text').execute();
  await db.schema
    .alterTable('alerts')
    .addColumn('rejected_before', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await table(db, 'alert_cells', { cell: 'text!' });
  await sql`create index alerts_group on alerts (root_id) where root_id is not null`.execute(db);
  await sql`create index alerts_on_the_ground on alerts (damage_class, latitude)
    where open_key is not null and root_id is null and latitude is not null`.execute(db);
  await sql`create index alerts_rejected on alerts (site, agent, camera, damage_class, verdict_at)
    where state = 'rejected'`.execute(db);
}
