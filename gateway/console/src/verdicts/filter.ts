/** Which verdicts are shown: what stands in the address, so that it can be sent to somebody, kept and gone back to. */
import { type Narrowed, narrowedBy, periodOf } from '../shared/narrowing/narrowed.ts';
import type { WallClock } from '../shared/time/time.ts';

const FIELDS = ['outcome', 'by', 'damageClass', 'camera', 'from', 'to'] as const;
export type VerdictField = (typeof FIELDS)[number];

export const OUTCOMES = ['rejected', 'shelved', 'confirmed', 'merged'] as const;
/** Those of this browser, also what has not been sent. */
export const OWN = 'own';

export function verdictsBy(search: string): Narrowed<VerdictField> {
  const { outcome, ...rest } = narrowedBy(search, FIELDS);
  const known = outcome === OWN || OUTCOMES.some((each) => each === outcome);
  return known && outcome !== undefined ? { outcome, ...rest } : rest;
}

/** As `verdictsBy` reads it. */
export function searchOf(narrowed: Narrowed<VerdictField>): string {
  const search = new URLSearchParams(narrowed).toString();
  return search === '' ? '' : `?${search}`;
}

/** As the gateway takes it: the verdict given last comes first. Days are those of the verdict. */
export function queryOf(
  { outcome = 'judged', by, from, to, ...words }: Narrowed<VerdictField>,
  wall: WallClock,
): Readonly<Record<string, string>> {
  const { from: judgedFrom, to: judgedTo } = periodOf({ from, to }, wall);
  return {
    state: outcome,
    order: 'judged',
    ...words,
    // People are written without what says that they are people.
    ...(by === undefined ? {} : { judgedBy: by === 'system' || by.includes(':') ? by : `user:${by}` }),
    ...(judgedFrom === undefined ? {} : { judgedFrom }),
    ...(judgedTo === undefined ? {} : { judgedTo }),
  };
}
