/** What boxes say of the releases that they were offered. */
import type { AgentStatus, UpdateReport } from '@roadwatch/contract';
import type { RolloutAgentState } from '@roadwatch/contract/api';
import type { Tx } from '../store/database.ts';
import { bounded } from './bounded.ts';

const MAX_DETAIL = 500;

/** In the transaction that stores the status. A last will tells of the time when it was written. */
export async function recordProgress(tx: Tx, status: AgentStatus): Promise<void> {
  const { site, agent, updates = [] } = status;
  if (status.state === 'offline' || updates.length === 0) return;
  const rows = await tx.db
    .selectFrom('rollout_agents')
    .select(['rollout_id', 'state', 'code', 'report'])
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where(
      'rollout_id',
      'in',
      updates.map(({ rollout }) => rollout),
    )
    .execute();
  for (const kept of rows) {
    const report = updates.find(({ rollout }) => rollout === kept.rollout_id) as UpdateReport;
    const text = JSON.stringify(report);
    if (kept.report === text) continue;
    const state = stateOf(report);
    const changed = state !== kept.state || (report.code ?? null) !== kept.code;
    await tx.db
      .updateTable('rollout_agents')
      .set({
        state,
        code: report.code ?? null,
        detail: report.detail === undefined ? null : bounded(report.detail, MAX_DETAIL),
        report: text,
        ...(changed ? { changed_at: tx.at } : {}),
      })
      .where('rollout_id', '=', kept.rollout_id)
      .where('site', '=', site)
      .where('agent', '=', agent)
      .execute();
    tx.changed({ kind: 'fleet', subject: kept.rollout_id, data: {} });
  }
}

/** A box that waits has been told. */
function stateOf({ state }: UpdateReport): RolloutAgentState {
  return state === 'waiting' ? 'told' : state;
}
