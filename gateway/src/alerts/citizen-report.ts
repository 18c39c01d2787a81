/**
 * Damage that somebody reports instead of a camera: an alert like any other, judged by an operator before anything happens, but
 * without camera, picture, box or certainty. What the person said is kept beside it.
 */
import type { Kysely } from 'kysely';
import { hasCamera } from '../cameras/source.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import type { VerdictRule } from '../queue/order.ts';
import type { Tx } from '../store/database.ts';
import { numberOfDay } from '../store/numbers.ts';
import type { AlertRow, CitizenReportRow } from '../store/tables/alerts.ts';
import type { Tables } from '../store/tables/index.ts';
import { type CitizenReport, reportedAlert } from './new-alert.ts';

/** Puts the report into the queue. The same key of the same token again gives the report that there is. */
export async function raiseReport(
  tx: Tx,
  report: CitizenReport,
  from: {
    readonly tokenId: string;
    readonly idempotencyKey: string | null;
    readonly actor: Actor;
    readonly timeZone: string;
    readonly rule: VerdictRule;
  },
): Promise<CitizenReportRow> {
  const { tokenId: token_id, idempotencyKey: idempotency_key, actor } = from;
  if (idempotency_key !== null) {
    const before = await tx.db
      .selectFrom('citizen_reports')
      .selectAll()
      .where('token_id', '=', token_id)
      .where('idempotency_key', '=', idempotency_key)
      .executeTakeFirst();
    if (before !== undefined) return before;
  }
  const alert = reportedAlert(report, from.rule, tx.at);
  await tx.db.insertInto('alerts').values(alert).execute();
  const row: CitizenReportRow = {
    alert_id: alert.id,
    number: await numberOfDay(tx, { prefix: 'CR', counter: 'report' }, from.timeZone),
    token_id,
    idempotency_key,
    description: report.description,
    address: report.address,
    media_url: report.mediaUrls.length === 0 ? null : report.mediaUrls.join('\n'),
    attributes: JSON.stringify(report.attributes),
    created_at: tx.at,
  };
  await tx.db.insertInto('citizen_reports').values(row).execute();
  tx.audit({
    ...authorOf(actor),
    action: 'alert.reported',
    subject: `alert:${alert.id}`,
    after: { state: 'new', damageClass: report.damageClass, number: row.number },
  });
  tx.changed({ kind: 'alert', subject: alert.id, data: { state: 'new' } });
  return row;
}

/** Where a report says that there are pictures. */
export function mediaUrlsOf({ media_url }: Pick<CitizenReportRow, 'media_url'>): readonly string[] {
  return media_url === null ? [] : media_url.split('\n');
}

/** By the id of their alert. */
export async function reportsOf(
  db: Kysely<Tables>,
  alerts: readonly Pick<AlertRow, 'id' | 'camera'>[],
): Promise<Map<string, CitizenReportRow>> {
  const ids = alerts.filter((row) => !hasCamera(row)).map((row) => row.id);
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('citizen_reports').selectAll().where('alert_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.alert_id, row]));
}

/** What whoever repairs it has to know; null for an alert of a camera, and when the person said nothing. */
export async function noteOfReport(tx: Tx, alert: AlertRow): Promise<string | null> {
  const report = (await reportsOf(tx.db, [alert])).get(alert.id);
  return report === undefined ? null : noteOf(report);
}

export function noteOf({ description, address }: CitizenReportRow): string | null {
  const said = [description, address].filter((text) => text !== null);
  return said.length === 0 ? null : said.join('\n');
}

/** What the person wrote goes; that there was a report stays. */
export async function forgetWords(tx: Tx, alertId: string): Promise<void> {
  await tx.db
    .updateTable('citizen_reports')
    .set({ description: null, address: null, media_url: null })
    .where('alert_id', '=', alertId)
    .execute();
}
