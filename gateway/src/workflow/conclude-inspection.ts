/**
 * What a finished inspection asks of people: to judge the repair within the time for it, and, when it did not pass, to hear of it
 * at once. The camera itself neither closes a ticket nor orders rework.
 */

import { tellOf } from '../clocks/notices.ts';
import { reviewTime } from '../clocks/sla.ts';
import type { Config } from '../config/config.ts';
import { inspectionConcluded } from '../inspections/inspections.ts';
import type { Tx } from '../store/database.ts';
import type { InspectionRow } from '../store/tables/tickets.ts';
import { beginClock } from './ticket-clocks.ts';

export async function conclude(
  tx: Tx,
  config: Pick<Config, 'clocks'>,
  { id, ticket_id, result, reason, seen, looked }: InspectionRow,
): Promise<void> {
  await inspectionConcluded(tx, id);
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', ticket_id);
  const { state, damage_class } = await tx.locked(query).executeTakeFirstOrThrow();
  // A person has decided meanwhile.
  if (state !== 'repaired' && state !== 'inspecting') return;
  await beginClock(tx, ticket_id, reviewTime(config.clocks, damage_class), config.clocks.calendars);
  if (result === 'fail')
    await tellOf(tx, config, ticket_id, 'inspection_failed', seen === null ? reason : `${seen}/${looked}`);
  if (result === 'inconclusive') await tellOf(tx, config, ticket_id, 'inspection_undecided', reason);
  tx.changed({ kind: 'ticket', subject: ticket_id, data: { inspection: result } });
}
