/** The last picture of each camera that somebody has asked for; its bytes are evidence like any other's. */
import type { Kysely } from 'kysely';
import { table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'asked_pictures', {
    site: 'text!',
    agent: 'text!',
    camera: 'text!',
    sha256: 'text',
    captured_at: 'instant',
  });
}
