/** What people set of a camera in the console, with every version, and what its box said to each. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'camera_settings', {
    id: 'text!',
    site: 'text',
    agent: 'text',
    camera: 'text',
    version: 'count',
    at: 'instant',
    author: 'text',
    undo_of: 'count?',
    document: 'text',
    outcome: 'text?',
    answered_at: 'instant?',
    code: 'text?',
    reason: 'text?',
  });
  await index(db, 'camera_settings', ['site', 'agent', 'camera', 'version'], true);
}
