/** Counts a day from its alerts and tickets, for every combination of unit, class and area, and of each camera as well. */
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables/index.ts';
import { ALERT_SOURCES } from '../facts/alerts.ts';
import { pagesOf } from '../facts/fact.ts';
import { TICKET_SOURCES } from '../facts/tickets.ts';
import { type Areas, type Traits, traitsOf } from '../groups.ts';
import type { Period } from '../period.ts';
import { Tally } from '../tally.ts';
import { writeSheet } from './sheet.ts';

interface CountedDay {
  readonly kinds: string;
  readonly cameras: string;
  /** When one of its facts first turns by the clock alone. */
  readonly goodUntil: number;
}

/** Of what does not turn any more: a whole number in both databases. */
const FOR_GOOD = Number.MAX_SAFE_INTEGER;

export async function countDay(
  db: Kysely<Tables>,
  day: Period,
  areas: Areas,
  now: number,
): Promise<CountedDay> {
  const kinds = new Cells();
  const cameras = new Cells();
  let goodUntil = FOR_GOOD;
  for (const source of [...ALERT_SOURCES, ...TICKET_SOURCES])
    for await (const page of pagesOf(source, db, day, {}, now))
      for (const fact of page) {
        const traits = traitsOf(fact, areas);
        kinds.of({ ...traits, camera: '' }).add(fact.counts);
        cameras.of(traits).add(fact.counts);
        goodUntil = Math.min(goodUntil, fact.turnsAt ?? FOR_GOOD);
      }
  return { kinds: writeSheet(kinds.all()), cameras: writeSheet(cameras.all()), goodUntil };
}

class Cells {
  readonly #tallies = new Map<string, { readonly traits: Traits; readonly tally: Tally }>();

  of(traits: Traits): Tally {
    const key = `${traits.unit}\n${traits.damageClass}\n${traits.area}\n${traits.camera}`;
    let cell = this.#tallies.get(key);
    if (cell === undefined) {
      cell = { traits, tally: new Tally() };
      this.#tallies.set(key, cell);
    }
    return cell.tally;
  }

  all() {
    return [...this.#tallies.values()];
  }
}
