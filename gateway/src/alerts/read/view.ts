/** Alerts as the API shows them: the row, its pictures, its camera's name. */

import { type BilingualText, timestamp } from '@roadwatch/contract';
import type { AlertFacts, AlertPicture, CitizenReport } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraKey, cameraNameOf, cameraNames } from '../../cameras/names.ts';
import { hasCamera } from '../../cameras/source.ts';
import { positionView } from '../../geo/position.ts';
import { leasesOf } from '../../queue/lease.ts';
import { riskOf } from '../../queue/order.ts';
import type { AlertRow, CitizenReportRow } from '../../store/tables/alerts.ts';
import type { Tables } from '../../store/tables/index.ts';
import { mediaUrlsOf, reportsOf } from '../citizen-report.ts';
import { boxOf } from '../dedup/image-place.ts';
import { isHeld } from '../dedup/rejected-places.ts';
import { answersOf } from '../report-questions.ts';
import { claimOf, evidenceOf, framesOf, withWhatIsSaid } from './evidence.ts';

/** `alone`: without what was merged into them. */
export async function viewAlerts(
  db: Kysely<Tables>,
  rows: readonly AlertRow[],
  { alone = false }: { readonly alone?: boolean } = {},
): Promise<readonly AlertFacts[]> {
  if (rows.length === 0) return [];
  const parts = alone ? [] : await partsOf(db, rows);
  const all = [...rows, ...parts];
  const shown = await shownDetections(db, all);
  const detections = [...shown.values()];
  const [evidence, frames, cameras, stored, rejections, reports, leases] = await Promise.all([
    evidenceOf(db, detections),
    framesOf(db, detections),
    cameraNames(db, all),
    storedAt(db, rows),
    rejectionsOf(db, rows),
    reportsOf(db, all),
    leasesOf(
      db,
      rows.map((row) => row.id),
      Date.now(),
    ),
  ]);
  const claims = new Map([...frames].map(([id, frame]) => [id, claimOf(frame)]));
  const nameOf = (row: AlertRow) => cameraNameOf(cameras, row);
  const pictureView = (row: AlertRow, cameraName: BilingualText): AlertPicture => {
    const detection = shown.get(row.id) ?? '';
    return {
      alertId: row.id,
      source: hasCamera(row) ? cameraKey(row) : null,
      cameraName,
      damageClass: row.damage_class,
      detectionId: detection || null,
      score: row.score,
      box: frames.get(detection)?.box ?? boxOf(row),
      frame: frames.get(detection)?.frame ?? null,
      evidence: withWhatIsSaid(evidence.get(detection) ?? [], frames.get(detection)),
      missing: frames.get(detection)?.missing ?? [],
      signed: frames.get(detection)?.signed ?? false,
    };
  };
  return rows.map((row) => {
    const own = parts.filter((part) => part.root_id === row.id);
    const group = [row, ...own];
    const pictureOf = (each: AlertRow): AlertPicture => pictureView(each, nameOf(each));
    const best = judgedBy(row, own, (each) => pictureOf(each).evidence.some((entry) => entry.available));
    const picture = pictureOf(best);
    return {
      id: row.id,
      state: row.state,
      source: hasCamera(row) ? 'camera' : 'citizen',
      damageClass: row.damage_class,
      site: row.site,
      agent: row.agent,
      camera: row.camera,
      cameraName: nameOf(row),
      report: reportView(reports.get(row.id)),
      detectionId: picture.detectionId,
      score: best.score,
      box: picture.box,
      frame: picture.frame,
      pictureOf: hasCamera(best) ? cameraKey(best) : null,
      /** The best of each source, so that what one of them sends hides nothing of another. */
      pictures: group.filter((each) => each === best || hasPicture(pictureOf(each))).map(pictureOf),
      position: positionView(row),
      storedAt: timestamp(stored.get(row.id) ?? row.created_at),
      createdAt: timestamp(row.created_at),
      /** What the box claims, where that cannot be: then the times here are those at which its messages came. */
      claimedTimes: claims.get(picture.detectionId ?? '') ?? null,
      firstSeenAt: timestamp(Math.min(...group.map((each) => each.first_seen_at))),
      since: frames.get(picture.detectionId ?? '')?.since ?? null,
      lastSeenAt: timestamp(Math.max(...group.map((each) => each.last_seen_at))),
      count: group.reduce((sum, each) => sum + each.occurrences, 0),
      condition: group.some((each) => each.condition === 'present') ? 'present' : 'absent',
      risk: riskOf(row),
      verdictDueAt: timestamp(row.verdict_due_at),
      claimedBy: leases.get(row.id)?.holder ?? null,
      claimUntil: orNull(leases.get(row.id)?.until ?? null),
      verdictBy: row.verdict_by,
      verdictAt: orNull(row.verdict_at),
      confirmedAt: row.state === 'confirmed' ? orNull(row.verdict_at) : null,
      reason: row.reason,
      note: row.note,
      shelvedUntil: orNull(row.shelved_until),
      ticketId: row.ticket_id,
      mergedInto: row.merged_into,
      parts: own.map((part) => ({
        id: part.id,
        damageClass: part.damage_class,
        site: part.site,
        agent: part.agent,
        camera: part.camera,
        cameraName: nameOf(part),
        report: reportView(reports.get(part.id)),
        count: part.occurrences,
        mergedBy: part.verdict_by,
        mergedAt: orNull(part.verdict_at),
      })),
      recurrenceOf: row.recurrence_of,
      heldBack: isHeld(row),
      rejectedBefore:
        row.rejected_as === null
          ? null
          : {
              count: row.rejected_before,
              alertId: row.rejected_as,
              reason: rejections.get(row.rejected_as) ?? null,
            },
      version: row.version,
      evidence: picture.evidence,
    };
  });
}

/**
 * The one whose picture and box an alert is judged by: its own, or a better one of another camera of the same box. What another
 * box sends stands beside it, and stands in only where the alert has nothing of its own to show.
 */
function judgedBy(
  alert: AlertRow,
  parts: readonly AlertRow[],
  isShown: (row: AlertRow) => boolean | undefined,
): AlertRow {
  const like = parts.filter((part) => part.damage_class === alert.damage_class && isShown(part));
  const sameBox = like.filter((part) => part.site === alert.site && part.agent === alert.agent);
  const better = (rows: readonly AlertRow[], first: AlertRow): AlertRow =>
    rows.reduce((most, each) => (each.score > most.score ? each : most), first);
  if (sameBox.length > 0 || isShown(alert)) return better(sameBox, alert);
  return like[0] ?? alert;
}

function hasPicture({ evidence }: AlertPicture): boolean {
  return evidence.some(({ kind, available }) => available && kind !== 'clip');
}

/** By alert, the detection whose pictures it shows: its best, or while that one's have not come the best of those that have. */
async function shownDetections(
  db: Kysely<Tables>,
  rows: readonly AlertRow[],
): Promise<ReadonlyMap<string, string>> {
  const shown = new Map(rows.map((row) => [row.id, row.detection_id]));
  const several = rows.filter((row) => row.occurrences > 1).map((row) => row.id);
  if (several.length === 0) return shown;
  const there = await db
    .selectFrom('detections')
    .innerJoin('detection_evidence', 'detection_evidence.detection_id', 'detections.id')
    .innerJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
    .select(['detections.alert_id', 'detections.id', 'detections.score'])
    .distinct()
    .where('detections.alert_id', 'in', several)
    .where('detection_evidence.kind', '!=', 'clip')
    .orderBy('detections.score', 'desc')
    .orderBy('detections.id')
    .execute();
  for (const id of several) {
    const own = there.filter((row) => row.alert_id === id);
    const [best] = own;
    if (best !== undefined && !own.some((row) => row.id === shown.get(id))) shown.set(id, best.id);
  }
  return shown;
}

/** What was merged into the alerts. */
async function partsOf(db: Kysely<Tables>, rows: readonly AlertRow[]): Promise<AlertRow[]> {
  return db
    .selectFrom('alerts')
    .selectAll()
    .where(
      'root_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('id')
    .execute();
}

/** Why the like of the alerts was rejected at their places before, by the alerts that were. */
async function rejectionsOf(
  db: Kysely<Tables>,
  rows: readonly AlertRow[],
): Promise<Map<string, string | null>> {
  const ids = rows.flatMap((row) => (row.rejected_as === null ? [] : [row.rejected_as]));
  if (ids.length === 0) return new Map();
  const found = await db.selectFrom('alerts').select(['id', 'reason']).where('id', 'in', ids).execute();
  return new Map(found.map(({ id, reason }) => [id, reason]));
}

async function storedAt(db: Kysely<Tables>, rows: readonly AlertRow[]): Promise<Map<string, number>> {
  const found = await db
    .selectFrom('detections')
    .select((select) => ['alert_id', select.fn.min('stored_at').as('first')])
    .where(
      'alert_id',
      'in',
      rows.map((row) => row.id),
    )
    .groupBy('alert_id')
    .execute();
  return new Map(found.map(({ alert_id, first }) => [alert_id as string, Number(first)]));
}

/** What a person has reported; null for what a camera has. */
function reportView(report: CitizenReportRow | undefined): CitizenReport | null {
  if (report === undefined) return null;
  const { number, description, address } = report;
  const mediaUrls = mediaUrlsOf(report);
  const answers = answersOf(report.attributes);
  return { number, description, address, mediaUrl: mediaUrls[0] ?? null, mediaUrls, answers };
}

function orNull(at: number | null): string | null {
  return at === null ? null : timestamp(at);
}
