/** Counts the figures of a period, in all and for each group: from the days that are kept, and what is between them anew. */
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';
import { keptDays, type Wanted } from './days/kept.ts';
import { ALERT_SOURCES } from './facts/alerts.ts';
import { type FactFilter, pagesOf } from './facts/fact.ts';
import { TICKET_SOURCES } from './facts/tickets.ts';
import { cameraOf, isAskedFor, type TraitFilter, type Traits, traitsOf } from './groups.ts';
import { Tally } from './tally.ts';

export interface Counted {
  readonly total: Tally;
  readonly groups: ReadonlyMap<string, Tally>;
}

export interface Counting extends Wanted {
  readonly filter: TraitFilter;
  /** The key of the group of what counts at an instant; undefined: of none, but of the total. */
  groupOf(traits: Traits, at: number): string | undefined;
}

export async function count(db: Kysely<Tables>, counting: Counting): Promise<Counted> {
  const { period, groupOf, filter } = counting;
  const tallies: Tallies = new Map();
  let at = period.start;
  for await (const page of keptDays(db, counting))
    for (const { start, end, cells } of page) {
      // A day of another time zone may be of two groups, or lie over the one before. Groups are of time or of traits, never of both,
      // so that one cell answers for all.
      const [one] = cells;
      const isWhole = one === undefined || groupOf(one.traits, start) === groupOf(one.traits, end - 1);
      if (start < at || !isWhole) continue;
      await countAnew(db, { ...counting, period: { start: at, end: start } }, tallies);
      for (const { traits, tally } of cells)
        if (isAskedFor(traits, filter)) tallyOf(tallies, groupOf(traits, start)).addPacked(tally);
      at = end;
    }
  await countAnew(db, { ...counting, period: { start: at, end: period.end } }, tallies);
  return sumOf(tallies);
}

/** By the key of the group; undefined: what is in none. */
type Tallies = Map<string | undefined, Tally>;

function tallyOf(tallies: Tallies, key: string | undefined): Tally {
  let tally = tallies.get(key);
  if (tally === undefined) {
    tally = new Tally();
    tallies.set(key, tally);
  }
  return tally;
}

function sumOf(tallies: Tallies): Counted {
  const total = new Tally();
  const groups = new Map<string, Tally>();
  for (const [key, tally] of tallies) {
    total.addAll(tally);
    if (key !== undefined) groups.set(key, tally);
  }
  return { total, groups };
}

/** From alerts and tickets. */
async function countAnew(
  db: Kysely<Tables>,
  { period, areas, filter, groupOf, now }: Counting,
  tallies: Tallies,
): Promise<void> {
  if (period.start >= period.end) return;
  const sources = filter.unit === undefined ? [...ALERT_SOURCES, ...TICKET_SOURCES] : TICKET_SOURCES;
  for (const source of sources)
    for await (const page of pagesOf(source, db, period, factsOf(filter), now))
      for (const fact of page) {
        const traits = traitsOf(fact, areas ?? NO_AREAS);
        if (!isAskedFor(traits, filter)) continue;
        tallyOf(tallies, groupOf(traits, fact.at)).add(fact.counts);
      }
}

const NO_AREAS = new Map();

function factsOf({ unit, damageClass, camera }: TraitFilter): FactFilter {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(damageClass === undefined ? {} : { damageClass }),
    ...(camera === undefined ? {} : { camera: cameraOf(camera) }),
  };
}
