/**
 * Who has which alert before them: a lease, for one desk (a tab of somebody's browser), which ends by itself unless it is renewed, so
 * that nothing stays with a desk that has lost its power. Two desks never have the same alert, whatever gateway they ask.
 */
import { timestamp } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import type { AlertLeaseRow } from '../store/tables/alerts.ts';
import type { Tables } from '../store/tables/index.ts';

export interface Desk {
  /** Made by the tab itself; empty for somebody who claims without one. */
  readonly id: string;
  /** As the audit names the person. */
  readonly holder: string;
  /** Ends with it; null for what has no session. */
  readonly session: string | null;
}

/** Those alerts of `ids` that the desk has from now on until `until`: whatever no other desk has at present. */
export async function take(tx: Tx, desk: Desk, ids: readonly string[], until: number): Promise<string[]> {
  if (ids.length === 0) return [];
  const lease = { desk: desk.id, holder: desk.holder, session: desk.session, until };
  const rows = await tx.db
    .insertInto('alert_leases')
    .values(ids.map((alert_id) => ({ alert_id, ...lease })))
    .onConflict((conflict) =>
      conflict
        .column('alert_id')
        .doUpdateSet(lease)
        .where((where) =>
          where.or([
            where('alert_leases.until', '<=', tx.at),
            where.and([
              where('alert_leases.desk', '=', desk.id),
              where('alert_leases.holder', '=', desk.holder),
            ]),
          ]),
        ),
    )
    .returning('alert_id')
    .execute();
  return rows.map((row) => row.alert_id);
}

/** Lists show who has what. */
export function tellHolder(
  tx: Tx,
  ids: readonly string[],
  lease: Pick<AlertLeaseRow, 'holder' | 'until'> | null,
): void {
  const data =
    lease === null
      ? { state: 'new', claimedBy: null, claimUntil: null }
      : { state: 'new', claimedBy: lease.holder, claimUntil: timestamp(lease.until) };
  for (const id of ids) tx.changed({ kind: 'alert', subject: id, data });
}

/** Takes alerts from whoever has them; tells it unless the caller tells more. */
export async function end(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.db.deleteFrom('alert_leases').where('alert_id', 'in', ids).execute();
}

/** By alert, those leases that have not ended. */
export async function leasesOf(
  db: Kysely<Tables>,
  ids: readonly string[],
  at: number,
): Promise<ReadonlyMap<string, AlertLeaseRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('alert_leases')
    .selectAll()
    .where('alert_id', 'in', ids)
    .where('until', '>', at)
    .execute();
  return new Map(rows.map((row) => [row.alert_id, row]));
}

/** Throws Refusal when somebody else has the alert; it says who, and until when, to programs, too. */
export function mustNotBeHeld(lease: AlertLeaseRow | undefined, by: string): void {
  if (lease === undefined || lease.holder === by) return;
  const held = { by: lease.holder, until: timestamp(lease.until) };
  throw new Refusal('alert_held', `the alert is with ${held.by} until ${held.until}`, null, { held });
}
