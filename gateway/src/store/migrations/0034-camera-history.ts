/** When each camera saw and when not, and when its box was there: a row for each change. It begins with how they are now. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'camera_history', {
    site: 'text!',
    agent: 'text!',
    camera: 'text!',
    at: 'instant!',
    sees: 'count',
  });
  await table(db, 'agent_history', { site: 'text!', agent: 'text!', at: 'instant!', online: 'count' });
  await index(db, 'camera_history', ['at']);
  await index(db, 'agent_history', ['at']);
  await sql`
    insert into camera_history (site, agent, camera, at, sees)
    select site, agent, camera, state_at,
      case when condition in ('streaming', 'dark', 'blurred', 'moved') then 1 else 0 end
    from cameras where condition is not null and state_at is not null`.execute(db);
  await sql`
    insert into agent_history (site, agent, at, online)
    select site, agent, status_at,
      case when silent_at is null and status like '%"state":"online"%' then 1 else 0 end
    from agents where status is not null and status_at is not null`.execute(db);
}
