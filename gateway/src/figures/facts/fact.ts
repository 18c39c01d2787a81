/** What the figures are counted from, as one page after the other comes from the store. */
import { setImmediate } from 'node:timers/promises';
import type { DamageClass } from '@roadwatch/contract';
import type { FigureName } from '@roadwatch/contract/api';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CameraOf } from '../../cameras/source.ts';
import type { Tables } from '../../store/tables/index.ts';
import type { Period } from '../period.ts';

/** Where and when something counts, and for which figures. */
export interface Fact extends CameraOf {
  readonly at: number;
  readonly id: string;
  readonly damage_class: DamageClass;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Null of an alert: it is nobody's yet. */
  readonly unit: string | null;
  /** By figure what its definition gives; null: does not count. */
  readonly counts: Counts;
  /** When it counts otherwise by the clock alone; null: never. */
  readonly turnsAt: number | null;
}

export type Counts = Partial<Readonly<Record<FigureName, boolean | number | null>>>;

/** Which alerts and tickets; left out, all. Only tickets have a unit. */
export interface FactFilter {
  readonly unit?: string;
  readonly damageClass?: DamageClass;
  readonly camera?: CameraOf;
}

/** A page of a period: what comes after the last row of the page before it. */
export interface Window extends Period {
  readonly after: { readonly at: number; readonly id: string } | null;
}

/** In the order of `at` and `id`, at most `PAGE`; a full page may have another after it. */
export type Source = (
  db: Kysely<Tables>,
  window: Window,
  filter: FactFilter,
  now: number,
) => Promise<readonly Fact[]>;

/** So many rows hold up the gateway for some 10 ms where the store is SQLite. */
export const PAGE = 2_000;

export const PLACE = ['site', 'agent', 'camera', 'damage_class', 'latitude', 'longitude'] as const;

/** One range of the index on `column` and `id`. */
export function within(column: string, id: string, { start, end, after }: Window): RawBuilder<boolean> {
  const at = sql.ref(column);
  if (after === null) return sql`${at} >= ${start} and ${at} < ${end}`;
  return sql`${at} >= ${after.at} and ${at} < ${end} and (${at} > ${after.at} or ${sql.ref(id)} > ${after.id})`;
}

/** Every fact of the period from one source, a page at a time. */
export async function* pagesOf(
  source: Source,
  db: Kysely<Tables>,
  period: Period,
  filter: FactFilter,
  now: number,
): AsyncGenerator<readonly Fact[]> {
  for (let after: Window['after'] = null; ; ) {
    const page = await source(db, { ...period, after }, filter, now);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = last;
    // SQLite answers at once: without a pause nothing else would get its turn.
    await setImmediate();
  }
}
