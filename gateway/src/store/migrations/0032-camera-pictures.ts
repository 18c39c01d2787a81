/** The newest picture of a camera is asked for whenever somebody looks at it. */
import type { Kysely } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await index(db, 'detections', ['site', 'agent', 'camera', 'last_seen_at']);
}
