/** The queue in the order of risk and deadline, and who has which alert before them as leases instead of a state of the alert. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

/** An older gateway would claim alerts by a state that there is no more. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'alert_leases', {
    alert_id: 'text!',
    desk: 'text',
    holder: 'text',
    session: 'text?',
    until: 'instant',
  });
  await index(db, 'alert_leases', ['desk']);
  // With defaults, since backups from before have neither.
  const added = { risk_rank: 1, verdict_due_at: 0 };
  for (const [column, value] of Object.entries(added))
    await db.schema
      .alterTable('alerts')
      .addColumn(column, 'bigint', (definition) => definition.notNull().defaultTo(value))
      .execute();
  await bringIntoQueue(db);
  await sql`drop index alerts_queue`.execute(db);
  await sql`create index alerts_queue on alerts (risk_rank, verdict_due_at, created_at, id) where state = 'new'`.execute(
    db,
  );
}

/** What a gateway from before has written: also into a backup that is restored. */
export async function bringIntoQueue(db: Kysely<unknown>): Promise<void> {
  await sql`update alerts set state = 'new', claimed_by = null, claim_until = null where state = 'claimed'`.execute(
    db,
  );
  await sql`update alerts set
    risk_rank = case damage_class when 'pothole' then 0 when 'alligator_crack' then 1 when 'anomaly' then 1 else 2 end,
    verdict_due_at = created_at + 60000 * case damage_class
      when 'pothole' then 5 when 'alligator_crack' then 15 when 'anomaly' then 15 else 30 end
    where verdict_due_at = 0`.execute(db);
  await sql`update alerts set risk_rank = 0 where risk_rank > 0 and state = 'new' and id in
    (select alert_id from citizen_reports where attributes like '%"hazard":"yes"%')`.execute(db);
}
