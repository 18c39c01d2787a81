/**
 * Pictures and clips are deleted when their time is over, and nothing of what is still being decided or mended is: an alert
 * without a verdict and an open ticket hold their evidence however old it is. Every purge is in the audit.
 */

import type { Logger } from 'pino';
import { UNDECIDED } from '../alerts/machine.ts';
import { purgeHistory } from '../cameras/history.ts';
import type { Config } from '../config/config.ts';
import { purgeParts } from '../evidence/parts.ts';
import { deleteForgotten, forgetEvidence } from '../evidence/records.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Store, Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';

const DAY_MS = 86_400_000;
const BATCH = 200;

type Retention = Config['retention'];
type Candidate = Pick<Tables['evidence'], 'sha256' | 'bytes' | 'stored_at'>;

/** Returns how many pieces of evidence were deleted. */
export async function purgeEvidence(
  store: Store,
  evidence: EvidenceStore,
  retention: Retention,
  log: Logger,
): Promise<number> {
  let purged = 0;
  let after = { stored_at: 0, sha256: '' };
  for (;;) {
    const { candidates, deleted } = await store.transaction(async (tx) => {
      const rows = await candidatesAfter(tx, after, tx.at - retention.rejectedDays * DAY_MS);
      const over: Candidate[] = [];
      for (const row of rows) if (await isOver(tx, row, retention)) over.push(row);
      await forget(tx, over);
      return { candidates: rows, deleted: over };
    });
    purged += deleted.length;
    const last = candidates.at(-1);
    if (last === undefined || candidates.length < BATCH) break;
    after = last;
  }
  // After the commits: a row without its file would promise a picture that is not there.
  await deleteForgotten(store, evidence);
  if (purged > 0) log.info({ purged }, 'evidence deleted, its time being over');
  return purged;
}

/** Messages that could not be accepted, files that have not become whole, and ids kept to recognise a repeated message. */
export async function purgeMessages(store: Store, retention: Retention): Promise<void> {
  await store.transaction(async (tx) => {
    const before = tx.at - retention.refusedDays * DAY_MS;
    await tx.db.deleteFrom('refused_messages').where('last_at', '<', before).execute();
    await tx.db.deleteFrom('unit_messages').where('at', '<', before).execute();
    await purgeParts(tx);
    await purgeHistory(tx);
  });
}

/** Oldest first, beginning after the last one looked at. */
function candidatesAfter(
  tx: Tx,
  after: { readonly stored_at: number; readonly sha256: string },
  before: number,
): Promise<Candidate[]> {
  return tx.db
    .selectFrom('evidence')
    .select(['sha256', 'bytes', 'stored_at'])
    .where('stored_at', '<', before)
    .where((where) =>
      where.or([
        where('stored_at', '>', after.stored_at),
        where.and([where('stored_at', '=', after.stored_at), where('sha256', '>', after.sha256)]),
      ]),
    )
    .orderBy('stored_at')
    .orderBy('sha256')
    .limit(BATCH)
    .execute();
}

async function isOver(tx: Tx, { sha256, stored_at }: Candidate, retention: Retention): Promise<boolean> {
  const alerts = await tx.db
    .selectFrom('detection_evidence')
    .innerJoin('detections', 'detections.id', 'detection_evidence.detection_id')
    .innerJoin('alerts', 'alerts.id', 'detections.alert_id')
    // What was merged into another alert shares its fate.
    .innerJoin('alerts as roots', (join) =>
      join.on((on) => on('roots.id', '=', on.fn.coalesce('alerts.root_id', 'alerts.id'))),
    )
    .leftJoin('tickets', 'tickets.id', 'roots.ticket_id')
    .select(['roots.state', 'tickets.state as ticket'])
    .where('detection_evidence.sha256', '=', sha256)
    .execute();
  const tickets = await tx.db
    .selectFrom('tickets')
    .select('state')
    .where((where) =>
      where.or([
        where(
          'id',
          'in',
          where.selectFrom('ticket_photos').select('ticket_id').where('ticket_photos.sha256', '=', sha256),
        ),
        where(
          'id',
          'in',
          where.selectFrom('scene_hints').select('ticket_id').where('scene_hints.sha256', '=', sha256),
        ),
        where(
          'id',
          'in',
          where.selectFrom('inspections').select('ticket_id').where('evidence', 'like', `%${sha256}%`),
        ),
      ]),
    )
    .execute();
  const states = [...tickets.map(({ state }) => state), ...alerts.map(({ ticket }) => ticket)];
  if (states.some((state) => state !== null && state !== 'closed' && state !== 'cancelled')) return false;
  if (alerts.some(({ state }) => UNDECIDED.includes(state))) return false;
  const rejected = alerts.length > 0 && alerts.every(({ state }) => state === 'rejected');
  const days = rejected ? retention.rejectedDays : retention.evidenceDays;
  return stored_at < tx.at - days * DAY_MS;
}

async function forget(tx: Tx, evidence: readonly Candidate[]): Promise<void> {
  await forgetEvidence(
    tx,
    evidence.map(({ sha256 }) => sha256),
  );
  for (const { sha256, bytes } of evidence)
    tx.audit({
      actor: 'system',
      channel: 'gateway',
      action: 'evidence.purged',
      subject: `evidence:${sha256}`,
      before: { bytes },
    });
}
