/** What people set of a box as a whole in the console, with every version, and what the box said to each. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'box_settings', {
    id: 'text!',
    site: 'text',
    agent: 'text',
    version: 'count',
    at: 'instant',
    author: 'text',
    undo_of: 'count?',
    document: 'text',
    outcome: 'text?',
    answered_at: 'instant?',
    code: 'text?',
    reason: 'text?',
    problems: 'text?',
  });
  await index(db, 'box_settings', ['site', 'agent', 'version'], true);
}
