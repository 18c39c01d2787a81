/**
 * Counts the days that are over, once, and again when something in them changes: an undone verdict, a late inspection, a ticket that
 * is opened anew. The present day is counted whenever somebody asks.
 *
 * What makes it right beside whoever writes meanwhile: the marks are read before the day is counted, and just those that were read
 * are taken away with what was counted. A change that the counting did not see has a mark that stays. Of two gateways that count the
 * same day the second throws its own away, for it may be the older.
 */
import { newId } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import type { Config } from '../../config/config.ts';
import type { Store, Tx } from '../../store/database.ts';
import type { FigureDayRow } from '../../store/tables/figures.ts';
import type { Tables } from '../../store/tables/index.ts';
import { daysOf, type Period } from '../period.ts';
import { countDay } from './count-day.ts';
import { hashOf, UNMARKED } from './kept.ts';
import { oldestFact } from './oldest.ts';
import { RULES } from './sheet.ts';

const DAY_MS = 86_400_000;
/** Nobody can ask for more than ten years, and the year before them. */
const KEPT_MS = 4_100 * DAY_MS;
/** Written together. */
const BATCH = 10;
/** Of one turn: a store that has years to count is counted in many. */
const MOST = 60;
const IDS = 5_000;

type Known = FigureDayRow & { readonly sound: boolean };

export class DayKeeper {
  readonly #store: Store;
  readonly #config: Pick<Config, 'timeZone' | 'areas'>;
  /** To the present one. */
  #days: { readonly first: number; readonly list: readonly Period[] } = { first: 0, list: [] };

  constructor(store: Store, config: Pick<Config, 'timeZone' | 'areas'>) {
    this.#store = store;
    this.#config = config;
  }

  /** Counts some of the days that are not kept or no longer hold, the newest first. Returns how many. */
  async keep(): Promise<number> {
    const { db } = this.#store;
    const now = this.#store.now();
    await forgetFarMarks(this.#store, now);
    const days = await this.#daysUntil(now);
    const known = new Map((await knownDays(db)).map((row) => [row.from_at, row]));
    const { areas } = this.#config;
    const isKept = ({ start, end }: Period): boolean => {
      const row = known.get(start);
      if (row === undefined || !row.sound || row.until_at !== end || row.rules !== RULES) return false;
      return row.areas === hashOf(areas) && row.counted_at <= now && row.good_until > now;
    };
    const wrong = days.filter((day) => !isKept(day)).slice(-MOST);
    for (let at = wrong.length; at > 0; at -= BATCH)
      await this.#count(wrong.slice(Math.max(0, at - BATCH), at), known, now);
    await this.#forgetOthers(days, known);
    return wrong.length;
  }

  /** Those that are over. */
  async #daysUntil(now: number): Promise<readonly Period[]> {
    const oldest = await oldestFact(this.#store.db);
    if (oldest === null) return [];
    const first = Math.max(oldest, now - KEPT_MS);
    const today = this.#days.list.at(-1);
    // Thousands of days on the calendar take a while: once a day is enough.
    const isKnown =
      this.#days.first === oldest && today !== undefined && now >= today.start && now < today.end;
    if (!isKnown) this.#days = { first: oldest, list: daysOf(first, now, this.#config.timeZone) };
    return this.#days.list.slice(0, -1);
  }

  async #count(days: readonly Period[], known: ReadonlyMap<number, Known>, now: number): Promise<void> {
    const { db } = this.#store;
    const { areas } = this.#config;
    const counted: { day: Period; marks: readonly number[]; sheets: Awaited<ReturnType<typeof countDay>> }[] =
      [];
    for (const day of days) {
      const marks = await marksOf(db, day);
      counted.push({ day, marks, sheets: await countDay(db, day, areas, now) });
    }
    await this.#store.transaction(async (tx) => {
      for (const { day, marks, sheets } of counted) {
        if ((await idOf(tx, day)) !== known.get(day.start)?.id) continue;
        await forgetDay(tx, day.start);
        for (let at = 0; at < marks.length; at += IDS)
          await tx.db
            .deleteFrom('figure_marks')
            .where('id', 'in', marks.slice(at, at + IDS))
            .execute();
        const { start: from_at, end: until_at } = day;
        await tx.db
          .insertInto('figure_days')
          .values({
            from_at,
            until_at,
            id: newId(),
            counted_at: now,
            good_until: sheets.goodUntil,
            areas: hashOf(areas),
            rules: RULES,
          })
          .execute();
        await tx.db
          .insertInto('figure_cells')
          .values([
            { from_at, detail: 'kinds', cells: sheets.kinds },
            { from_at, detail: 'cameras', cells: sheets.cameras },
          ])
          .execute();
      }
    });
  }

  /** As after the time zone was changed. */
  async #forgetOthers(days: readonly Period[], known: ReadonlyMap<number, Known>): Promise<void> {
    const starts = new Set(days.map(({ start }) => start));
    const others = [...known.keys()].filter((start) => !starts.has(start));
    if (others.length === 0) return;
    await this.#store.transaction(async (tx) => {
      for (const start of others) await forgetDay(tx, start);
    });
  }
}

async function knownDays(db: Kysely<Tables>): Promise<readonly Known[]> {
  const rows = await db
    .selectFrom('figure_days')
    .selectAll()
    .select(({ eb }) => eb.case().when(UNMARKED).then(1).else(0).end().as('sound'))
    .execute();
  return rows.map((row) => ({ ...row, sound: row.sound === 1 }));
}

async function marksOf(db: Kysely<Tables>, { start, end }: Period): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('figure_marks')
    .select('id')
    .where('at', '>=', start)
    .where('at', '<', end)
    .execute();
  return rows.map(({ id }) => id);
}

async function idOf(tx: Tx, { start }: Period): Promise<string | undefined> {
  const day = tx.db.selectFrom('figure_days').select('id').where('from_at', '=', start);
  return (await tx.locked(day).executeTakeFirst())?.id;
}

async function forgetDay(tx: Tx, start: number): Promise<void> {
  await tx.db.deleteFrom('figure_days').where('from_at', '=', start).execute();
  await tx.db.deleteFrom('figure_cells').where('from_at', '=', start).execute();
}

/** Of days that are far from over, as of a deadline that is never: whoever counts them will see all that was there before. */
async function forgetFarMarks(store: Store, now: number): Promise<void> {
  const far = now + 2 * DAY_MS;
  const some = await store.db
    .selectFrom('figure_marks')
    .select('id')
    .where('at', '>', far)
    .limit(1)
    .execute();
  if (some.length === 0) return;
  await store.transaction((tx) => tx.db.deleteFrom('figure_marks').where('at', '>', far).execute());
}
