/** What a unit hears of a change: all that happens to its own tickets, that one was taken from it, and nothing of anybody else's. */
import type { Kysely } from 'kysely';
import type { ChangeRow } from '../store/change-feed.ts';
import type { Tables } from '../store/tables/index.ts';

/** Null: it is not for this unit. */
export async function heardByUnit(
  db: Kysely<Tables>,
  unitId: string,
  change: ChangeRow,
): Promise<ChangeRow | null> {
  if (change.kind !== 'ticket') return null;
  const ticket = await db
    .selectFrom('tickets')
    .select('unit_id')
    .where('id', '=', change.subject)
    .executeTakeFirst();
  if (ticket?.unit_id === unitId) return change;
  // Taken from it by this very change: that, and not what is done with it elsewhere.
  const taken = await db
    .selectFrom('assignments')
    .select('id')
    .where('ticket_id', '=', change.subject)
    .where('unit_id', '=', unitId)
    .where('ended_at', '=', change.at)
    .executeTakeFirst();
  return taken === undefined ? null : { ...change, data: '{}' };
}
