/** What was wrong with cameras and boxes, from when to when, with a picture of it and one of before; and a good picture of each camera. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'incidents', {
    id: 'text!',
    site: 'text',
    agent: 'text',
    camera: 'text',
    code: 'text',
    detail: 'text',
    began_at: 'instant',
    ended_at: 'instant?',
    told_at: 'instant?',
    told_end_at: 'instant?',
    good_sha256: 'text?',
    good_at: 'instant?',
    fault_sha256: 'text?',
    fault_at: 'instant?',
  });
  await index(db, 'incidents', ['site', 'agent', 'camera', 'began_at']);
  await index(db, 'incidents', ['told_at', 'ended_at']);
  await index(db, 'incidents', ['good_sha256']);
  await index(db, 'incidents', ['fault_sha256']);
  await table(db, 'good_pictures', {
    site: 'text!',
    agent: 'text!',
    camera: 'text!',
    sha256: 'text',
    captured_at: 'instant',
  });
  await index(db, 'good_pictures', ['sha256']);
}
