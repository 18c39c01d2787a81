/** Counts the figures of a period, in all and for each group. */
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';
import { ALERT_SOURCES } from './facts/alerts.ts';
import { type Fact, type FactFilter, pagesOf } from './facts/fact.ts';
import { TICKET_SOURCES } from './facts/tickets.ts';
import type { Period } from './period.ts';
import { Tally } from './tally.ts';

export interface Counted {
  readonly total: Tally;
  readonly groups: ReadonlyMap<string, Tally>;
}

/** `groupOf`: the key of a fact's group; undefined: of none, but of the total. `counts`: whether a fact is asked for at all. */
export async function count(
  db: Kysely<Tables>,
  period: Period,
  filter: FactFilter,
  groupOf: (fact: Fact) => string | undefined,
  counts: (fact: Fact) => boolean,
  now: number,
): Promise<Counted> {
  const total = new Tally();
  const groups = new Map<string, Tally>();
  const sources = filter.unit === undefined ? [...ALERT_SOURCES, ...TICKET_SOURCES] : TICKET_SOURCES;
  for (const source of sources)
    for await (const page of pagesOf(source, db, period, filter, now))
      for (const fact of page) {
        if (!counts(fact)) continue;
        total.add(fact);
        const key = groupOf(fact);
        if (key === undefined) continue;
        let group = groups.get(key);
        if (group === undefined) {
          group = new Tally();
          groups.set(key, group);
        }
        group.add(fact);
      }
  return { total, groups };
}
