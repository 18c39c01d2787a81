/**
 * What agents say of themselves and of their cameras: the newest of each, by the order in which it was said or else came. Times in it
 * are kept as the agent claims them, and decide nothing.
 */
import type { AgentStatus, CameraState } from '@roadwatch/contract';
import { nobodysSecret } from '../agents/registry.ts';
import { noteAgent, noteCamera, sees } from '../cameras/history.ts';
import { isOtherWrong, noteBox, noteIncidents, wrongWith } from '../cameras/incidents.ts';
import type { AgentName } from '../cameras/source.ts';
import type { Tx } from '../store/database.ts';
import type { AgentRow } from '../store/tables/field.ts';
import { isNewer, seqToKeep } from './order.ts';

/** `old`: a broker had kept it, so the agent may be gone since. Whether it is the newest of its agent. */
export async function recordStatus(tx: Tx, status: AgentStatus, old: boolean): Promise<boolean> {
  const { site, agent, bootId, seq } = status;
  await meet(tx, { site, agent });
  const kept = await tx
    .locked(tx.db.selectFrom('agents').selectAll().where('site', '=', site).where('agent', '=', agent))
    .executeTakeFirst();
  if (kept === undefined || !isNewer({ bootId, seq }, kept)) return false;
  const returned = bootId === kept.boot_before && bootId !== kept.boot_id;
  // The last will of a start that has been followed by another says nothing of that one.
  if (returned && status.state === 'offline') return false;
  await tx.db
    .updateTable('agents')
    .set({
      status: JSON.stringify(status),
      boot_id: bootId,
      boot_before: bootId === kept.boot_id ? kept.boot_before : kept.boot_id,
      seq: seqToKeep({ bootId, seq }, kept),
      // A start that was over does not come back: somebody else has used the name meanwhile.
      ...(returned ? { shared_at: tx.at } : {}),
      ...(old ? {} : heardNow(status, tx.at)),
    })
    .where('site', '=', site)
    .where('agent', '=', agent)
    .execute();
  await noteAgent(tx, { site, agent }, status.state === 'online');
  await noteBox(tx, { site, agent }, status.state === 'online');
  tx.changed({ kind: 'agent', subject: `${site}/${agent}`, data: { state: status.state } });
  return true;
}

function heardNow({ at, state }: AgentStatus, now: number): Partial<AgentRow> {
  const heard = { status_at: now, silent_at: null };
  // A last will carries the time at which it was written, which says nothing of the clock.
  return state === 'offline' ? heard : { ...heard, clock_ahead_ms: Date.parse(at) - now };
}

/** Another broker lets in whom it knows; here it gets a name, and a password that nobody has. */
async function meet(tx: Tx, { site, agent }: AgentName): Promise<void> {
  await tx.db
    .insertInto('agents')
    .values({ site, agent, secret_hash: nobodysSecret(), registered_at: tx.at })
    .onConflict((conflict) => conflict.columns(['site', 'agent']).doNothing())
    .execute();
}

export async function recordCamera(tx: Tx, state: CameraState): Promise<void> {
  const { site, agent, camera, bootId, seq } = state;
  const known = await tx.db
    .selectFrom('cameras')
    .select(['condition', 'state', 'boot_id', 'seq'])
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('camera', '=', camera)
    .executeTakeFirst();
  if (!isNewer({ bootId, seq }, known)) return;
  const fresh = {
    condition: state.state,
    state: JSON.stringify(state),
    state_at: tx.at,
    boot_id: bootId ?? null,
    seq: seqToKeep({ bootId, seq }, known),
  };
  await tx.db
    .insertInto('cameras')
    .values({ site, agent, camera, ...fresh })
    .onConflict((conflict) => conflict.columns(['site', 'agent', 'camera']).doUpdateSet(fresh))
    .execute();
  const before = known?.state == null ? null : (JSON.parse(known.state) as CameraState);
  const wrong = isOtherWrong(before, state) ? wrongWith(state) : null;
  if (wrong !== null) await noteIncidents(tx, { site, agent, camera }, wrong);
  const said = known?.condition;
  if (said === undefined || said === null || sees(said) !== sees(state.state))
    await noteCamera(tx, { site, agent, camera }, sees(state.state));
  if (said === state.state && wrong === null) return;
  tx.changed({ kind: 'camera', subject: `${site}/${agent}/${camera}`, data: { state: state.state } });
}
