/** Who has looked at a scene and what they saw; more time that was asked for; for which crew a link is. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

/** An older gateway does not know the clock of a suspension, nor that it can be extended. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'scene_looks', {
    id: 'text!',
    ticket_id: 'text',
    at: 'instant',
    by: 'text',
    answer: 'text',
  });
  await index(db, 'scene_looks', ['ticket_id']);
  await table(db, 'ticket_extensions', {
    id: 'text!',
    ticket_id: 'text',
    state: 'text',
    clock: 'text',
    until_at: 'instant',
    reason: 'text',
    asked_by: 'text',
    asked_at: 'instant',
    decided_by: 'text?',
    decided_at: 'instant?',
  });
  await index(db, 'ticket_extensions', ['ticket_id']);
  await db.schema.alterTable('crew_links').addColumn('crew', 'text').execute();
}
