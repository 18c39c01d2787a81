/** What people wrote when they reported damage goes after the time that pictures have: it may name them. The report itself stays. */

import { forgetWords, noteOf } from '../alerts/citizen-report.ts';
import type { Config } from '../config/config.ts';
import type { Store, Tx } from '../store/database.ts';
import type { CitizenReportRow } from '../store/tables/alerts.ts';
import { forgetNote } from '../tickets/state.ts';

const DAY_MS = 86_400_000;
const BATCH = 200;

/** Returns how many reports have lost their words. */
export async function purgeReports(store: Store, retention: Config['retention']): Promise<number> {
  for (let purged = 0; ; ) {
    const rows = await store.transaction(async (tx) => {
      const due = await reportsWithWords(tx, retention);
      for (const row of due) await forget(tx, row);
      return due;
    });
    purged += rows.length;
    if (rows.length < BATCH) return purged;
  }
}

/** Those that are over: rejected, or with a ticket that is. What was merged into another alert shares its fate. */
function reportsWithWords(tx: Tx, retention: Config['retention']): Promise<CitizenReportRow[]> {
  const before = (days: number) => tx.at - days * DAY_MS;
  return tx.db
    .selectFrom('citizen_reports')
    .innerJoin('alerts', 'alerts.id', 'citizen_reports.alert_id')
    .innerJoin('alerts as roots', (join) =>
      join.on((on) => on('roots.id', '=', on.fn.coalesce('alerts.root_id', 'alerts.id'))),
    )
    .leftJoin('tickets', 'tickets.id', 'roots.ticket_id')
    .selectAll('citizen_reports')
    .where((where) =>
      where.or([
        where('citizen_reports.description', 'is not', null),
        where('citizen_reports.address', 'is not', null),
        where('citizen_reports.media_url', 'is not', null),
      ]),
    )
    .where((where) =>
      where.or([
        where.and([
          where('roots.state', '=', 'rejected'),
          where('citizen_reports.created_at', '<=', before(retention.rejectedDays)),
        ]),
        where.and([
          where('tickets.state', 'in', ['closed', 'cancelled']),
          where('citizen_reports.created_at', '<=', before(retention.evidenceDays)),
        ]),
      ]),
    )
    .orderBy('citizen_reports.alert_id')
    .limit(BATCH)
    .execute();
}

async function forget(tx: Tx, report: CitizenReportRow): Promise<void> {
  await forgetWords(tx, report.alert_id);
  const note = noteOf(report);
  // The ticket has them, too, unless an operator wrote something else.
  if (note !== null) await forgetNote(tx, report.alert_id, note);
  tx.audit({
    actor: 'system',
    channel: 'gateway',
    action: 'report.purged',
    subject: `alert:${report.alert_id}`,
    before: { number: report.number },
  });
}
