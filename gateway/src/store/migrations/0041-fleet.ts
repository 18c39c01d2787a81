/** Models and agent packages that are handed out to boxes, and how far each box is with them. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'releases', {
    id: 'text!',
    kind: 'text',
    name: 'text',
    version: 'text',
    text: 'text',
    signature: 'text?',
    card: 'text?',
    bytes: 'count',
    uploaded_at: 'instant',
    uploaded_by: 'text',
    withdrawn_at: 'instant?',
  });
  await index(db, 'releases', ['kind', 'name', 'version'], true);
  await table(db, 'release_files', { release_id: 'text!', name: 'text!', sha256: 'text', bytes: 'count' });
  await index(db, 'release_files', ['sha256']);
  await table(db, 'rollouts', {
    id: 'text!',
    release_id: 'text',
    mode: 'text',
    targets: 'text',
    terms: 'text',
    at_once: 'count',
    max_failures: 'count',
    state: 'text',
    created_at: 'instant',
    created_by: 'text',
    ended_at: 'instant?',
  });
  await index(db, 'rollouts', ['state']);
  await table(db, 'rollout_agents', {
    rollout_id: 'text!',
    site: 'text!',
    agent: 'text!',
    state: 'text',
    code: 'text?',
    detail: 'text?',
    report: 'text?',
    told_at: 'instant?',
    changed_at: 'instant',
  });
  await index(db, 'rollout_agents', ['site', 'agent']);
  await index(db, 'rollout_agents', ['rollout_id', 'state']);
}
