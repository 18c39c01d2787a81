/** A confirmed alert becomes a ticket, with the order to dispatch it; and how a verdict is taken back, while nothing has left. */
import { noteOfReport } from '../alerts/citizen-report.ts';
import { commandAlert, verdictBy } from '../alerts/command.ts';
import { unmerge } from '../alerts/merge.ts';
import { freeKey, reopenPlaces } from '../alerts/merged-group.ts';
import type { Config } from '../config/config.ts';
import type { Actor } from '../identity/actor.ts';
import { checkUnit, unitFor } from '../orders/units.ts';
import { Refusal } from '../refusal.ts';
import type { Transactions, Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { type OpenedTicket, openTicket } from '../tickets/open.ts';
import { moveTicket } from './move.ts';
import { startHandover } from './ticket-clocks.ts';

type ConfirmConfig = Pick<
  Config,
  'clocks' | 'dispatch' | 'inspection' | 'defaultUnit' | 'units' | 'areas' | 'timeZone'
>;

/** Opens the ticket and orders its dispatch, all in one transaction. */
export async function confirmAlert(
  store: Transactions,
  config: ConfirmConfig,
  id: string,
  order: { readonly unitId?: string; readonly note?: string },
  actor: Actor,
): Promise<OpenedTicket> {
  let ticket: OpenedTicket | undefined;
  await commandAlert(store, id, 'confirm', actor, async (tx, alert) => {
    const unitId = order.unitId ?? unitFor(config, alert);
    await checkUnit(tx, unitId);
    ticket = await openTicket(tx, alert, {
      unitId,
      note: order.note ?? (await noteOfReport(tx, alert)),
      actor,
      recallMs: config.dispatch.recallSeconds * 1000,
      timeZone: config.timeZone,
    });
    await startHandover(tx, config, ticket.id);
    return { state: 'confirmed', ...verdictBy(tx, actor), ticket_id: ticket.id };
  });
  return ticket as OpenedTicket;
}

/** Takes the last verdict back. */
export function undoVerdict(
  store: Transactions,
  config: ConfirmConfig,
  id: string,
  actor: Actor,
): Promise<void> {
  return commandAlert(store, id, 'undo', actor, async (tx, alert) => {
    if (alert.state === 'merged') return { state: 'new', ...(await unmerge(tx, alert)) };
    if (alert.state === 'confirmed') await recallTicket(tx, config, alert, actor);
    await reopenPlaces(tx, id);
    return { state: 'new', open_key: await freeKey(tx, alert) };
  });
}
async function recallTicket(tx: Tx, config: ConfirmConfig, alert: AlertRow, actor: Actor): Promise<void> {
  const query = tx.db
    .selectFrom('tickets')
    .selectAll()
    .where('id', '=', alert.ticket_id as string);
  const ticket = await tx.locked(query).executeTakeFirstOrThrow();
  if (ticket.state !== 'filed')
    throw new Refusal(
      'ticket_dispatched',
      `ticket ${ticket.number} has been dispatched; cancel the ticket instead`,
    );
  await moveTicket(tx, config, ticket, 'cancelled', {
    actor,
    command: 'recalled',
    reason: 'recalled',
    outcome: null,
  });
}
