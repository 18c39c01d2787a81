/**
 * Since when an order is overdue; what people are told that no clock says (an order not delivered, a proof that failed); why a
 * repair is to be done again.
 */
import { type Kysely, sql } from 'kysely';

/** An older gateway does not know the clocks that are there from now on. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('dispatch_outbox').addColumn('overdue_at', 'bigint').execute();
  await db.schema.alterTable('notices').addColumn('reason', 'text').execute();
  await db.schema.alterTable('tickets').addColumn('rework_reason', 'text').execute();
  const { rows } = await sql<{ subject: string; after: string }>`
    select subject, after from audit_log where action = 'ticket.rework' and after is not null order by seq`.execute(
    db,
  );
  // The last one of a ticket stays.
  for (const { subject, after } of rows) {
    const { reason } = JSON.parse(after) as { reason?: string | null };
    await sql`update tickets set rework_reason = ${reason ?? null}
      where id = ${subject.replace('ticket:', '')}`.execute(db);
  }
}
