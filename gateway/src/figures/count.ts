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
  const counted = { total: new Tally(), groups: new Map<string, Tally>() };
  let at = period.start;
  for await (const page of keptDays(db, counting))
    for (const { start, end, cells } of page) {
      // A day of another time zone may be of two groups, or lie over the one before.
      const isWhole = cells.every(({ traits }) => groupOf(traits, start) === groupOf(traits, end - 1));
      if (start < at || !isWhole) continue;
      await countAnew(db, { ...counting, period: { start: at, end: start } }, counted);
      for (const { traits, tally } of cells)
        if (isAskedFor(traits, filter))
          for (const each of talliesOf(counted, groupOf(traits, start))) each.addPacked(tally);
      at = end;
    }
  await countAnew(db, { ...counting, period: { start: at, end: period.end } }, counted);
  return counted;
}

/** From alerts and tickets. */
async function countAnew(
  db: Kysely<Tables>,
  { period, areas, filter, groupOf, now }: Counting,
  counted: Writable,
): Promise<void> {
  if (period.start >= period.end) return;
  const sources = filter.unit === undefined ? [...ALERT_SOURCES, ...TICKET_SOURCES] : TICKET_SOURCES;
  for (const source of sources)
    for await (const page of pagesOf(source, db, period, factsOf(filter), now))
      for (const fact of page) {
        const traits = traitsOf(fact, areas ?? NO_AREAS);
        if (!isAskedFor(traits, filter)) continue;
        for (const each of talliesOf(counted, groupOf(traits, fact.at))) each.add(fact.counts);
      }
}

const NO_AREAS = new Map();

interface Writable extends Counted {
  readonly groups: Map<string, Tally>;
}

function talliesOf({ total, groups }: Writable, key: string | undefined): readonly Tally[] {
  if (key === undefined) return [total];
  let group = groups.get(key);
  if (group === undefined) {
    group = new Tally();
    groups.set(key, group);
  }
  return [total, group];
}

function factsOf({ unit, damageClass, camera }: TraitFilter): FactFilter {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(damageClass === undefined ? {} : { damageClass }),
    ...(camera === undefined ? {} : { camera: cameraOf(camera) }),
  };
}
