/**
 * The same damage seen by another camera. Two positions of damages merge within `mergeMetres`. A position of a camera only says
 * where it hangs, not where it looks: one pole may carry two that watch opposite lanes, so such positions merge only on request.
 */
import type { DamageClass, Detection, Position } from '@roadwatch/contract';
import { sameCamera } from '../../cameras/source.ts';
import { cellsAround, latitudesAround, metresBetween } from '../../geo/distance.ts';
import { positionOf } from '../../geo/position.ts';
import type { Tx } from '../../store/database.ts';
import type { AlertRow } from '../../store/tables/alerts.ts';
import { MAX_GROUP } from '../merged-group.ts';

export interface DistanceRule {
  /** How far apart two damages of a class may be told to be and still be one; 0: never. */
  readonly mergeMetres: Readonly<Partial<Record<DamageClass, number>>>;
  /** The same where one of the positions is only that of the camera. */
  readonly mergeCameraMetres: number;
}

type Placed = Pick<Detection, 'damageClass' | 'position' | 'positionOf'>;

/** The widest circle in which an alert could be the same as this. */
function reachOf({ damageClass, position, positionOf }: Placed, rule: DistanceRule): number {
  if (position === undefined) return 0;
  const own = positionOf === 'damage' ? (rule.mergeMetres[damageClass] ?? 0) : 0;
  return Math.max(own, rule.mergeCameraMetres);
}

/** Whoever makes an alert there meanwhile waits, in whatever gateway. Call it once, with all that may make one. */
export async function lockCells(tx: Tx, detections: readonly Detection[], rule: DistanceRule): Promise<void> {
  const cells = new Set(
    detections.flatMap((detection) => {
      const metres = reachOf(detection, rule);
      return metres === 0
        ? []
        : cellsAround(detection.position as Position, metres).map(
            (cell) => `${detection.damageClass}/${cell}`,
          );
    }),
  );
  if (cells.size === 0) return;
  const rows = [...cells].sort().map((cell) => ({ cell }));
  await tx.db
    .insertInto('alert_cells')
    .values(rows)
    .onConflict((conflict) => conflict.column('cell').doNothing())
    .execute();
  await tx
    .locked(
      tx.db
        .selectFrom('alert_cells')
        .selectAll()
        .where(
          'cell',
          'in',
          rows.map(({ cell }) => cell),
        )
        .orderBy('cell'),
    )
    .execute();
}

/**
 * The open alert of another camera that is the same thing, the nearest if there are several. A group in which this camera has a
 * part already is not: the camera itself has told the two apart. `unsaved`: alerts that this transaction has made.
 */
export async function findAcrossCameras(
  tx: Tx,
  detection: Detection,
  unsaved: readonly AlertRow[],
  rule: DistanceRule,
): Promise<AlertRow | null> {
  const { position, damageClass, site } = detection;
  const reach = reachOf(detection, rule);
  if (position === undefined || reach === 0) return null;
  const [south, north] = latitudesAround(position, reach);
  const query = tx.db
    .selectFrom('alerts')
    .selectAll()
    .where('damage_class', '=', damageClass)
    .where('latitude', '>=', south)
    .where('latitude', '<=', north)
    .where('open_key', 'is not', null)
    .where('root_id', 'is', null)
    .where('site', '=', site)
    .orderBy('id');
  const known = new Set(unsaved.map((row) => row.id));
  const stored = (await tx.locked(query).execute()).filter((row) => !known.has(row.id));
  const near = [...stored, ...unsaved]
    .filter((row) => row.root_id === null && row.open_key !== null && row.damage_class === damageClass)
    .filter((row) => row.site === site && !sameCamera(row, detection))
    .flatMap((row) => {
      const at = positionOf(row);
      const metres = at === null ? Number.POSITIVE_INFINITY : metresBetween(at, position);
      const limit = allowed(row, detection, rule);
      return limit > 0 && metres <= limit ? [{ row, metres }] : [];
    })
    .sort((a, b) => a.metres - b.metres);
  for (const { row } of near) if (await takes(tx, row, detection, unsaved)) return row;
  return null;
}

function allowed(row: AlertRow, detection: Detection, rule: DistanceRule): number {
  const both = row.position_of === 'damage' && detection.positionOf === 'damage';
  return both ? (rule.mergeMetres[row.damage_class] ?? 0) : rule.mergeCameraMetres;
}

async function takes(
  tx: Tx,
  root: AlertRow,
  detection: Detection,
  unsaved: readonly AlertRow[],
): Promise<boolean> {
  const stored = await tx.db.selectFrom('alerts').selectAll().where('root_id', '=', root.id).execute();
  const members = [...stored, ...unsaved.filter((row) => row.root_id === root.id)];
  return members.length < MAX_GROUP && !members.some((row) => sameCamera(row, detection));
}
