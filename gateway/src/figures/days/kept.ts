/** The days of a period whose figures are kept and still hold. */
import { setImmediate } from 'node:timers/promises';
import { sha256 } from '@roadwatch/contract';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Tables } from '../../store/tables/index.ts';
import type { Areas } from '../groups.ts';
import type { Period } from '../period.ts';
import { oldestFact } from './oldest.ts';
import { type Cell, RULES, readSheet } from './sheet.ts';

/** A month, or a week with cameras: so many sheets hold up the gateway for some 10 ms. */
const PAGE = { kinds: 31, cameras: 7 };

export interface Wanted {
  readonly period: Period;
  /** Whether cameras are told apart. */
  readonly cameras: boolean;
  /** Null when areas are not told apart: then it does not matter by which ones it was counted. */
  readonly areas: Areas | null;
  readonly now: number;
}

export interface KeptDay extends Period {
  readonly cells: readonly Cell[];
}

const hashes = new WeakMap<Areas, string>();

/** Of what decides in which area a place lies, the order included. */
export function hashOf(areas: Areas): string {
  const hash = hashes.get(areas) ?? sha256(JSON.stringify([...areas]));
  hashes.set(areas, hash);
  return hash;
}

/** True while nothing that counts on the day has changed since it was counted. */
export const UNMARKED = sql<SqlBool>`not exists (select 1 from figure_marks
  where figure_marks.at >= figure_days.from_at and figure_marks.at < figure_days.until_at)`;

function sound(db: Kysely<Tables>, { period, areas, now }: Wanted) {
  const days = db
    .selectFrom('figure_days')
    .where('figure_days.from_at', '>=', period.start)
    .where('until_at', '<=', period.end)
    .where('counted_at', '<=', now)
    .where('good_until', '>', now)
    .where('rules', '=', RULES)
    .where(UNMARKED);
  return areas === null ? days : days.where('areas', '=', hashOf(areas));
}

/** How many milliseconds of the period have to be counted from alerts and tickets. */
export async function missingMs(db: Kysely<Tables>, wanted: Wanted): Promise<number> {
  const oldest = await oldestFact(db);
  if (oldest === null) return 0;
  const { start, end } = wanted.period;
  const { ms } = await sound(db, wanted)
    .select(sql<number | null>`sum(until_at - figure_days.from_at)`.as('ms'))
    .executeTakeFirstOrThrow();
  return Math.max(0, end - Math.max(start, oldest) - Number(ms ?? 0));
}

/** In order, a page at a time. What is not in them is to be counted from alerts and tickets. */
export async function* keptDays(
  db: Kysely<Tables>,
  wanted: Wanted,
): AsyncGenerator<readonly KeptDay[], void, void> {
  const detail = wanted.cameras ? 'cameras' : 'kinds';
  for (let start = wanted.period.start; ; ) {
    const rows = await sound(db, { ...wanted, period: { ...wanted.period, start } })
      .innerJoin('figure_cells', 'figure_cells.from_at', 'figure_days.from_at')
      .select(['figure_days.from_at', 'until_at', 'cells'])
      .where('detail', '=', detail)
      .orderBy('figure_days.from_at')
      .limit(PAGE[detail])
      .execute();
    if (rows.length > 0)
      yield rows.map((row) => ({ start: row.from_at, end: row.until_at, cells: readSheet(row.cells) }));
    const last = rows.at(-1);
    if (rows.length < PAGE[detail] || last === undefined) return;
    start = last.until_at;
    // SQLite answers at once: without a pause nothing else would get its turn.
    await setImmediate();
  }
}
