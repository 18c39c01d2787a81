/** What cameras say, for whoever looks at a scene: whether something new stands there. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'scene_hints', {
    id: 'text!',
    ticket_id: 'text',
    state: 'text',
    due_at: 'instant?',
    command_id: 'text?',
    requested_at: 'instant',
    ended_at: 'instant?',
    result: 'text?',
    code: 'text?',
    reason: 'text?',
    pictures: 'count',
    compares_opening: 'count',
    standing: 'text',
    sha256: 'text?',
    captured_at: 'instant?',
    missing: 'text?',
  });
  await index(db, 'scene_hints', ['ticket_id']);
  await index(db, 'scene_hints', ['command_id']);
  await index(db, 'scene_hints', ['sha256']);
  await sql`create index scene_hints_due_at on scene_hints (due_at) where due_at is not null`.execute(db);
}
