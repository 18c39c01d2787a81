/** The operators' queue in its order, however many alerts have been judged. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index alerts_queue on alerts (created_at, id) where state in ('new', 'claimed')`.execute(
    db,
  );
}
