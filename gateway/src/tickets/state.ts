/** The one place where the state of a ticket changes, with the instant at which it came to it. */
import type { TicketState } from '@roadwatch/contract/api';
import type { Tx } from '../store/database.ts';
import type { TicketRow } from '../store/tables/tickets.ts';

const STAMPS: Partial<Record<TicketState, keyof TicketRow>> = {
  dispatched: 'dispatched_at',
  accepted: 'accepted_at',
  on_site: 'on_site_at',
  made_safe: 'made_safe_at',
  repaired: 'repaired_at',
  closed: 'closed_at',
  cancelled: 'closed_at',
};

/** What goes with a state besides its instant; what is left out stays as it is. */
type With = Partial<
  Pick<TicketRow, 'unit_id' | 'suspended_from' | 'review_at' | 'outcome' | 'rework_reason'>
>;

export async function setState(
  tx: Tx,
  { id, version }: Pick<TicketRow, 'id' | 'version'>,
  state: TicketState,
  also: With = {},
): Promise<void> {
  const stamp = STAMPS[state];
  await tx.db
    .updateTable('tickets')
    .set({
      ...also,
      state,
      version: version + 1,
      updated_at: tx.at,
      ...(stamp === undefined ? {} : { [stamp]: tx.at }),
    })
    .where('id', '=', id)
    .execute();
}

/** Something about it has changed that is no state: whoever saw it before that is told so. */
export async function touch(tx: Tx, { id, version }: Pick<TicketRow, 'id' | 'version'>): Promise<void> {
  await tx.db
    .updateTable('tickets')
    .set({ version: version + 1, updated_at: tx.at })
    .where('id', '=', id)
    .execute();
}

/** Of the ticket of an alert, if its note says just this. */
export async function forgetNote(tx: Tx, alertId: string, note: string): Promise<void> {
  await tx.db
    .updateTable('tickets')
    .set({ note: null })
    .where('alert_id', '=', alertId)
    .where('note', '=', note)
    .execute();
}
