/** The alerts of a camera into which detections may still be merged, however many it has had. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index alerts_open on alerts (site, agent, camera) where open_key is not null`.execute(db);
}
