/** Alerts of one camera: those into which detections may still be merged, and all of them page by page. */
import { type Kysely, sql } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index alerts_open on alerts (site, agent, camera) where open_key is not null`.execute(db);
  await db.schema.dropIndex('alerts_site_agent_camera_damage_class').execute();
  await index(db, 'alerts', ['site', 'agent', 'camera', 'created_at', 'id']);
}
