/** What boxes say of the releases that they were offered. */
import type { AgentStatus, UpdateReport } from '@roadwatch/contract';
import type { RolloutAgentState } from '@roadwatch/contract/api';
import type { Tx } from '../store/database.ts';

/** In the transaction that stores the status. A last will tells of the time when it was written. */
export async function recordProgress(
  tx: Tx,
  { site, agent, state: presence, updates = [] }: AgentStatus,
): Promise<void> {
  if (presence === 'offline') return;
  for (const report of updates) {
    const kept = await tx.db
      .selectFrom('rollout_agents')
      .select(['state', 'code', 'report'])
      .where('rollout_id', '=', report.rollout)
      .where('site', '=', site)
      .where('agent', '=', agent)
      .executeTakeFirst();
    const text = JSON.stringify(report);
    // What a box says of rollouts that it has no part in is not kept.
    if (kept === undefined || kept.report === text) continue;
    const state = stateOf(report);
    const changed = state !== kept.state || (report.code ?? null) !== kept.code;
    await tx.db
      .updateTable('rollout_agents')
      .set({
        state,
        code: report.code ?? null,
        detail: report.detail ?? null,
        report: text,
        ...(changed ? { changed_at: tx.at } : {}),
      })
      .where('rollout_id', '=', report.rollout)
      .where('site', '=', site)
      .where('agent', '=', agent)
      .execute();
    tx.changed({ kind: 'fleet', subject: report.rollout, data: {} });
  }
}

/** A box that waits has been told. */
function stateOf({ state }: UpdateReport): RolloutAgentState {
  return state === 'waiting' ? 'told' : state;
}
