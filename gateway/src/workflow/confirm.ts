/** A confirmed alert becomes a ticket, with the order to dispatch it; and how a verdict is taken back, while nothing has left. */
import { noteOfReport } from '../alerts/citizen-report.ts';
import { letGo } from '../alerts/merge.ts';
import { freeKey, reopenPlaces } from '../alerts/merged-group.ts';
import { heldByOther, type JudgeConfig, judge, OPEN, VERDICTS, verdict } from '../alerts/verdicts.ts';
import { startHandover } from '../clocks/clocks.ts';
import type { Actor } from '../identity/actor.ts';
import { unitFor } from '../orders/units.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { type OpenedTicket, openTicket } from '../tickets/open.ts';
import { moveTicket } from './move.ts';

/** Opens the ticket and orders its dispatch, all in one transaction. */
export async function confirmAlert(
  store: Store,
  config: JudgeConfig,
  id: string,
  order: { readonly unitId?: string; readonly note?: string },
  actor: Actor,
): Promise<OpenedTicket> {
  let ticket: OpenedTicket | undefined;
  await judge(store, id, actor, 'alert.confirmed', OPEN, async (tx, alert) => {
    if (heldByOther(alert, actor, tx.at))
      throw new Refusal('conflict', `the alert is with ${alert.claimed_by}`);
    const unitId = order.unitId ?? unitFor(config, alert);
    const unit = tx.db
      .selectFrom('units')
      .select('id')
      .where('id', '=', unitId)
      .where('retired_at', 'is', null);
    if ((await unit.executeTakeFirst()) === undefined)
      throw new Refusal('invalid', `unitId: there is no unit ${JSON.stringify(unitId)}`);
    ticket = await openTicket(tx, alert, {
      unitId,
      note: order.note ?? (await noteOfReport(tx, alert)),
      actor,
      recallMs: config.dispatch.recallSeconds * 1000,
      timeZone: config.timeZone,
    });
    await startHandover(tx, config, ticket.id);
    return { ...verdict(tx, actor, 'confirmed'), ticket_id: ticket.id };
  });
  return ticket as OpenedTicket;
}

/** Takes the last verdict back. */
export function undoVerdict(store: Store, config: JudgeConfig, id: string, actor: Actor): Promise<void> {
  return judge(store, id, actor, 'alert.undone', VERDICTS, async (tx, alert) => {
    const fresh = { state: 'new', verdict_by: null, verdict_at: null, reason: null, note: null } as const;
    if (alert.state === 'merged') return { ...fresh, ...(await letGo(tx, alert)) };
    if (alert.state === 'confirmed') await recallTicket(tx, config, alert, actor);
    await reopenPlaces(tx, id);
    return { ...fresh, shelved_until: null, ticket_id: null, open_key: await freeKey(tx, alert) };
  });
}

async function recallTicket(tx: Tx, config: JudgeConfig, alert: AlertRow, actor: Actor): Promise<void> {
  const query = tx.db
    .selectFrom('tickets')
    .selectAll()
    .where('id', '=', alert.ticket_id as string);
  const ticket = await tx.locked(query).executeTakeFirstOrThrow();
  if (ticket.state !== 'filed')
    throw new Refusal('conflict', `ticket ${ticket.number} has been dispatched; cancel the ticket instead`);
  await moveTicket(tx, config, ticket, 'cancelled', {
    actor,
    command: 'recalled',
    reason: 'recalled',
    outcome: null,
  });
}
