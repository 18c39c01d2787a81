/**
 * The one order in which alerts are judged, in every list and by every desk: by risk, then by how little is left of the time for a
 * verdict, then by age.
 *
 * Risk comes first because a backlog must not hide what can throw a rider: behind a hundred hairline cracks a new pothole would
 * otherwise wait until all of them are judged. Within a risk the earliest deadline goes first, which misses the fewest of them (Jackson
 * 1955). What an alert is worth is settled when it is made and stays, as a clock keeps the rule by which it began, so that the order
 * can lie in an index and the next alert costs the same however many wait.
 */
import type { DamageClass } from '@roadwatch/contract';
import { RISKS, type Risk } from '@roadwatch/contract/api';
import type { AlertRow } from '../store/tables/alerts.ts';

/** A hole is a danger now, a network of cracks becomes a hole, a single crack takes months; of the unnamed nobody knows. */
const RISK_OF: Readonly<Record<DamageClass, Risk>> = {
  pothole: 'high',
  alligator_crack: 'medium',
  anomaly: 'medium',
  longitudinal_crack: 'low',
  transverse_crack: 'low',
  repair: 'low',
};

/**
 * For what was there before the camera: a new one finds years of damage on its first day, which must not stand before what opens now
 * on another street, nor be late by the hundred.
 */
const EXISTED_MINUTES = 24 * 60;

export interface VerdictRule {
  /** Within how many minutes there should be a verdict. */
  readonly verdictMinutes: Readonly<Partial<Record<DamageClass, number>>>;
}

/** The columns by which the queue is ordered, all ascending; the last makes the order total. */
export const QUEUE_ORDER = ['risk_rank', 'verdict_due_at', 'created_at', 'id'] as const;

/** `dangerous`: somebody who has seen it says that it endangers traffic. `existed`: it was there before the camera. */
export function urgencyOf(
  {
    damageClass,
    dangerous = false,
    existed = false,
  }: { readonly damageClass: DamageClass; readonly dangerous?: boolean; readonly existed?: boolean },
  { verdictMinutes }: VerdictRule,
  at: number,
): Pick<AlertRow, 'risk_rank' | 'verdict_due_at'> {
  const risk = dangerous ? 'high' : RISK_OF[damageClass];
  const minutes = verdictMinutes[damageClass] ?? Number.POSITIVE_INFINITY;
  const soonest = dangerous ? Math.min(minutes, verdictMinutes.pothole ?? minutes) : minutes;
  const within = existed ? Math.max(soonest, EXISTED_MINUTES) : soonest;
  return { risk_rank: RISKS.indexOf(risk), verdict_due_at: at + within * 60_000 };
}

export function riskOf({ risk_rank }: Pick<AlertRow, 'risk_rank'>): Risk {
  return RISKS[risk_rank] as Risk;
}
