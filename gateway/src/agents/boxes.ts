/** What the boxes last said of themselves, for what is said of their cameras. */
import type { AgentStatus, Thresholds } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import type { Boxes } from '../cameras/health.ts';
import { type AgentName, formatAgentName } from '../cameras/source.ts';
import type { Tables } from '../store/tables/index.ts';
import { isOnline } from './watch.ts';

/** Of all, or of the one that is named. */
export async function boxesNow(db: Kysely<Tables>, of?: AgentName): Promise<Boxes> {
  let query = db
    .selectFrom('agents')
    .select(['site', 'agent', 'status', 'silent_at', 'revoked_at'])
    .where('status', 'is not', null);
  if (of !== undefined) query = query.where('site', '=', of.site).where('agent', '=', of.agent);
  const rows = await query.execute();
  const thresholds = new Map<string, Thresholds>();
  for (const row of rows) {
    const said = JSON.parse(row.status as string) as AgentStatus;
    if (said.thresholds !== undefined) thresholds.set(formatAgentName(row), said.thresholds);
  }
  return {
    online: new Set(rows.filter(isOnline).map(formatAgentName)),
    known: new Set(rows.map(formatAgentName)),
    thresholds,
  };
}
