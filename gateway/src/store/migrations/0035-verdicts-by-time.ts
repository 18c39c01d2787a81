/** Verdicts are listed by when they were given, page by page. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index alerts_judged on alerts (verdict_at, id) where verdict_at is not null`.execute(db);
}
