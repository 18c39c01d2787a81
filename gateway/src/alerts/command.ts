/** A command on an alert: checked against its state and who holds it, and carried out with its audit entry in one transaction. */
import { type Actor, authorOf } from '../identity/actor.ts';
import { end, leasesOf } from '../queue/lease.ts';
import { Refusal } from '../refusal.ts';
import type { Transactions, Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { type AlertCommand, checkCommand, columnsOf, type Standing, TRANSITIONS } from './machine.ts';

type Other = Partial<Pick<AlertRow, 'open_key'>>;
export type StandingAfter<C extends AlertCommand> = Extract<
  Standing,
  { state: (typeof TRANSITIONS)[C]['to'] }
>;

/** `decide` says what the alert is then; it may throw Refusal. */
export async function commandAlert<C extends AlertCommand>(
  store: Transactions,
  id: string,
  command: C,
  actor: Actor,
  decide: (tx: Tx, alert: AlertRow) => Promise<StandingAfter<C> & Other>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('alerts').selectAll().where('id', '=', id);
    const alert = await tx.locked(query).executeTakeFirst();
    if (alert === undefined) throw new Refusal('alert_unknown', `there is no alert ${id}`);
    checkCommand(alert, command, actor.name, (await leasesOf(tx.db, [id], tx.at)).get(id));
    const after = await decide(tx, alert);
    await saveStanding(tx, alert, after);
    tx.audit({
      ...authorOf(actor),
      action: TRANSITIONS[command].action,
      subject: `alert:${id}`,
      before: { state: alert.state },
      after: { state: after.state, reason: 'reason' in after ? after.reason : undefined },
    });
  });
}

/** The one place where the state of an alert that there is changes, but for what its own detections change (intake.ts). */
export async function saveStanding(
  tx: Tx,
  alert: Pick<AlertRow, 'id' | 'version'>,
  { open_key, ...standing }: Standing & Other,
): Promise<void> {
  await tx.db
    .updateTable('alerts')
    .set({
      ...columnsOf(standing as Standing),
      ...(open_key === undefined ? {} : { open_key }),
      version: alert.version + 1,
      updated_at: tx.at,
    })
    .where('id', '=', alert.id)
    .execute();
  // What is judged is before nobody any more.
  await end(tx, [alert.id]);
  tx.changed({ kind: 'alert', subject: alert.id, data: { state: standing.state } });
}

export function verdictBy(tx: Tx, actor: Actor) {
  return { verdict_by: actor.name, verdict_at: tx.at };
}
