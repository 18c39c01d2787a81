/**
 * From detections to alerts: one alert for one thing in the world, however often and by whatever message it is reported. The
 * alerts of some cameras are read once, changed in memory by one detection after the other, and written once.
 */
import { type Detection, damageClass, type NormalizedBox, timestamp } from '@roadwatch/contract';
import { type CameraOf, sameCamera } from '../cameras/source.ts';
import type { VerdictRule } from '../queue/order.ts';
import type { Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import type { StandingAfter } from './command.ts';
import { type DistanceRule, findAcrossCameras } from './dedup/cross-camera.ts';
import { boxOf, type MergeRule, samePlace } from './dedup/image-place.ts';
import {
  HELD_REASON,
  hasGrown,
  isHeld,
  type PlaceMemory,
  type RejectedPlacesRule,
  rejectionsAt,
} from './dedup/rejected-places.ts';
import { type AlertCommand, columnsOf, TRANSITIONS } from './machine.ts';
import { newAlert, reckonedTimes } from './new-alert.ts';

export type AlertRule = MergeRule & DistanceRule & RejectedPlacesRule & VerdictRule;

/** How many earlier alerts of a camera and class are looked at to find the one that has come back. */
const RECURRENCES = 200;

export class OpenAlerts {
  readonly #tx: Tx;
  readonly #rule: AlertRule;
  readonly #rows: Map<string, AlertRow>;
  readonly #changed = new Set<string>();
  /** What an open list shows of each beside how often and when it was seen, as it was before. */
  readonly #before: ReadonlyMap<string, string>;
  readonly #new = new Set<string>();
  /** Those of which a detection was cleared, so that the others have to be asked. */
  readonly #cleared = new Set<string>();

  /**
   * `ids`: further alerts whose detections are known. The caller holds the cameras' rows, so that no other transaction makes an
   * alert of the same thing meanwhile.
   */
  static async load(
    tx: Tx,
    cameras: readonly CameraOf[],
    ids: readonly string[],
    rule: AlertRule,
  ): Promise<OpenAlerts> {
    const query = tx.db.selectFrom('alerts').selectAll();
    const open = await tx
      .locked(
        query
          .where('open_key', 'is not', null)
          .where((where) =>
            where.or(
              cameras.map(({ site, agent, camera }) =>
                where.and([
                  where('site', '=', site),
                  where('agent', '=', agent),
                  where('camera', '=', camera),
                ]),
              ),
            ),
          )
          .orderBy('id'),
      )
      .execute();
    const missing = ids.filter((id) => !open.some((row) => row.id === id));
    const closed =
      missing.length === 0 ? [] : await tx.locked(query.where('id', 'in', missing).orderBy('id')).execute();
    return new OpenAlerts(tx, rule, [...open, ...closed]);
  }

  private constructor(tx: Tx, rule: AlertRule, rows: readonly AlertRow[]) {
    this.#tx = tx;
    this.#rule = rule;
    this.#rows = new Map(rows.map((row) => [row.id, row]));
    this.#before = new Map(rows.map((row) => [row.id, shownOf(row)]));
  }

  /** Finds or makes the alert of a detection that has none yet. Returns the alert's id; null for a class that never alerts. */
  async raise(detection: Detection): Promise<string | null> {
    if (!damageClass(detection.damageClass).alerts) return null;
    const here = [...this.#rows.values()].filter(
      (row) =>
        row.open_key !== null && sameCamera(row, detection) && row.damage_class === detection.damageClass,
    );
    const twin = nearest(here, detection.box, this.#rule);
    if (twin === null) return this.#create(detection);
    twin.occurrences += 1;
    if (detection.score > twin.score && detection.evidence.length > 0) {
      twin.detection_id = detection.id;
      twin.score = detection.score;
    }
    this.#see(twin, detection);
    return twin.id;
  }

  /** A further message of a detection that has its alert already. */
  refresh(alertId: string, detection: Detection): void {
    const alert = this.#rows.get(alertId);
    if (alert === undefined) throw new Error(`alert ${alertId} was not loaded`);
    this.#see(alert, detection);
  }

  /** The detections must have been written before. */
  async save(): Promise<void> {
    await this.#settleConditions();
    const rows = [...this.#changed].map((id) => this.#rows.get(id) as AlertRow);
    if (rows.length === 0) return;
    await this.#tx.db
      .insertInto('alerts')
      .values(rows.map((row) => ({ ...row, updated_at: this.#tx.at })))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          detection_id: row.ref('excluded.detection_id'),
          score: row.ref('excluded.score'),
          occurrences: row.ref('excluded.occurrences'),
          condition: row.ref('excluded.condition'),
          state: row.ref('excluded.state'),
          shelved_until: row.ref('excluded.shelved_until'),
          reason: row.ref('excluded.reason'),
          verdict_by: row.ref('excluded.verdict_by'),
          verdict_at: row.ref('excluded.verdict_at'),
          first_seen_at: row.ref('excluded.first_seen_at'),
          last_seen_at: row.ref('excluded.last_seen_at'),
          updated_at: row.ref('excluded.updated_at'),
        })),
      )
      .execute();
    for (const row of rows) {
      const { id, state, root_id } = row;
      const change = { kind: 'alert', subject: id } as const;
      // Most of what comes says only that something is still there: lists then need not ask what it is.
      const isSeenAgain = this.#before.get(id) === shownOf(row) && !this.#tx.hasChanged(change);
      const seen = { count: row.occurrences, lastSeenAt: timestamp(row.last_seen_at) };
      this.#tx.changed({ ...change, data: isSeenAgain ? { state, seen } : { state } });
      if (root_id !== null) this.#tx.changed({ kind: 'alert', subject: root_id, data: { part: id } });
    }
  }

  async #create(detection: Detection): Promise<string> {
    const near = await findAcrossCameras(this.#tx, detection, this.#made(), this.#rule);
    const row = newAlert(detection, await this.#earlier(detection), this.#rule, this.#tx.at);
    const memory = await rejectionsAt(this.#tx, detection, this.#rule);
    if (memory !== null) this.#remember(row, memory);
    if (near !== null) this.#mergeInto(row, near);
    else if (memory !== null && memory.heldUntil !== null) this.#holdBack(row, memory.heldUntil);
    this.#rows.set(row.id, row);
    this.#new.add(row.id);
    this.#see(row, detection);
    return row.id;
  }

  #made(): AlertRow[] {
    return [...this.#new].map((id) => this.#rows.get(id) as AlertRow);
  }

  #remember(row: AlertRow, { count, last }: PlaceMemory): void {
    row.rejected_before = count;
    row.rejected_as = last.id;
  }

  #holdBack(row: AlertRow, until: number): void {
    const verdict = { verdict_by: 'system', verdict_at: this.#tx.at };
    stand(row, 'hold_back', { state: 'shelved', ...verdict, reason: HELD_REASON, shelved_until: until });
    this.#tx.audit({
      actor: 'system',
      channel: 'gateway',
      action: TRANSITIONS.hold_back.action,
      subject: `alert:${row.id}`,
      after: { state: 'shelved', rejectedBefore: row.rejected_before, as: row.rejected_as },
    });
  }

  /** It shows more than what was rejected at its place: an operator has to look. */
  #release(row: AlertRow): void {
    stand(row, 'grow', { state: 'new' });
    this.#tx.audit({
      actor: 'system',
      channel: 'gateway',
      action: TRANSITIONS.grow.action,
      subject: `alert:${row.id}`,
      before: { state: 'shelved' },
      after: { state: 'new' },
    });
  }

  #mergeInto(row: AlertRow, root: AlertRow): void {
    const verdict = { verdict_by: 'system', verdict_at: this.#tx.at };
    stand(row, 'merge', { state: 'merged', ...verdict, merged_into: root.id, root_id: root.id });
    this.#tx.audit({
      actor: 'system',
      channel: 'gateway',
      action: TRANSITIONS.merge.action,
      subject: `alert:${row.id}`,
      after: { state: 'merged', into: root.id },
    });
  }

  /** The last alert of the same thing that led to a ticket. */
  async #earlier({ site, agent, camera, damageClass: name, box }: Detection): Promise<string | null> {
    const rows = await this.#tx.db
      .selectFrom('alerts')
      .leftJoin('alerts as roots', 'roots.id', 'alerts.root_id')
      .selectAll('alerts')
      .where('alerts.site', '=', site)
      .where('alerts.agent', '=', agent)
      .where('alerts.camera', '=', camera)
      .where('alerts.damage_class', '=', name)
      .where('alerts.open_key', 'is', null)
      .where((where) =>
        where.or([where('alerts.ticket_id', 'is not', null), where('roots.ticket_id', 'is not', null)]),
      )
      .orderBy('alerts.created_at', 'desc')
      .limit(RECURRENCES)
      .execute();
    const earlier = nearest(rows, box, this.#rule);
    return earlier?.root_id ?? earlier?.id ?? null;
  }

  #see(alert: AlertRow, detection: Detection): void {
    const { firstSeenAt, lastSeenAt } = reckonedTimes(detection, this.#tx.at);
    alert.first_seen_at = Math.min(alert.first_seen_at, firstSeenAt);
    alert.last_seen_at = Math.max(alert.last_seen_at, lastSeenAt);
    if (detection.event === 'cleared') this.#cleared.add(alert.id);
    else {
      alert.condition = 'present';
      if (isHeld(alert) && hasGrown(boxOf(alert), detection.box)) this.#release(alert);
    }
    this.#changed.add(alert.id);
  }

  /** What the camera says: absent once every detection of the alert has been seen whole again. It never closes anything. */
  async #settleConditions(): Promise<void> {
    if (this.#cleared.size === 0) return;
    const present = await this.#tx.db
      .selectFrom('detections')
      .select('alert_id')
      .distinct()
      .where('alert_id', 'in', [...this.#cleared])
      .where('event', '!=', 'cleared')
      .execute();
    const still = new Set(present.map((row) => row.alert_id));
    for (const id of this.#cleared) {
      const row = this.#rows.get(id) as AlertRow;
      row.condition = still.has(id) ? 'present' : 'absent';
    }
  }
}

function shownOf({ state, condition, detection_id, score }: AlertRow): string {
  return [state, condition, detection_id, score].join(' ');
}

/** The command says which state it leads to, so that no other fits. */
function stand<C extends AlertCommand>(row: AlertRow, _command: C, standing: StandingAfter<C>): void {
  Object.assign(row, columnsOf(standing));
}

function nearest(rows: readonly AlertRow[], box: NormalizedBox, rule: MergeRule): AlertRow | null {
  const places = rows.map((row) => ({ row, box: boxOf(row) }));
  return samePlace(places, box, rule)?.row ?? null;
}
