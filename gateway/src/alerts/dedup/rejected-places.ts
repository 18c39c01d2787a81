/**
 * Places where operators have rejected something that stays there: a manhole cover, a marking, a shadow of every afternoon. What
 * comes again is shown with that; after `holdAfter` rejections it is shelved until the memory fades, counted and listed. What is
 * clearly larger than what was rejected is not the same, so damage that grows beside a cover is not held back.
 */
import type { Detection, NormalizedBox } from '@roadwatch/contract';
import { sql } from 'kysely';
import type { AlertFilter } from '../../queue/filter.ts';
import type { Tx } from '../../store/database.ts';
import type { AlertRow } from '../../store/tables/alerts.ts';
import { boxOf, type MergeRule, samePlace } from './image-place.ts';

/** Reasons that will hold tomorrow. Others, such as an object on the road or damage too small yet, say nothing about the place. */
const LASTING_REASONS = ['manhole_or_patch', 'marking', 'shadow_or_water'] as const;
/** The reason of an alert that was shelved by this memory. */
export const HELD_REASON = 'rejected_place';
/** Which alerts those are, for a list of them. */
export const HELD: AlertFilter = { states: ['shelved'], reason: HELD_REASON, judgedBy: 'system' };

const DAY_MS = 86_400_000;
/** An area larger by this factor is another thing. */
const GROWN = 1.5;
const MOST = 200;

export interface RejectedPlacesRule {
  readonly rejectedPlaces: { readonly days: number; readonly holdAfter: number };
}

/** What an alert knows of earlier rejections at its place; `heldUntil` null: it goes into the queue. */
export interface PlaceMemory {
  readonly count: number;
  readonly last: AlertRow;
  readonly heldUntil: number | null;
}

export async function rejectionsAt(
  tx: Tx,
  { site, agent, camera, damageClass, box }: Detection,
  rule: RejectedPlacesRule & MergeRule,
): Promise<PlaceMemory | null> {
  const { days, holdAfter } = rule.rejectedPlaces;
  if (days === 0) return null;
  const rows = await tx.db
    .selectFrom('alerts')
    .selectAll()
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('camera', '=', camera)
    .where('damage_class', '=', damageClass)
    // Written out, since SQLite takes the index of rejected alerts for a state that it can read only.
    .where(sql<boolean>`state = 'rejected'`)
    .where('reason', 'in', LASTING_REASONS)
    .where('verdict_at', '>', tx.at - days * DAY_MS)
    .orderBy('verdict_at', 'desc')
    .limit(MOST)
    .execute();
  const here = rows.filter(
    (row) => samePlace([{ box: boxOf(row) }], box, rule) !== null && !hasGrown(boxOf(row), box),
  );
  const last = here[0];
  if (last === undefined) return null;
  const held = holdAfter > 0 && here.length >= holdAfter;
  return {
    count: here.length,
    last,
    heldUntil: held ? (last.verdict_at as number) + days * DAY_MS : null,
  };
}

/** Whether a box shows more than what was rejected. */
export function hasGrown(rejected: NormalizedBox, box: NormalizedBox): boolean {
  return box[2] * box[3] > GROWN * rejected[2] * rejected[3];
}

export function isHeld(alert: Pick<AlertRow, 'state' | 'reason' | 'verdict_by'>): boolean {
  return alert.state === 'shelved' && alert.reason === HELD_REASON && alert.verdict_by === 'system';
}
