/** The first instant at which anything counts. */
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables/index.ts';

/** Null in an empty store. */
export async function oldestFact(db: Kysely<Tables>): Promise<number | null> {
  const oldest = (table: 'alerts' | 'tickets') =>
    db.selectFrom(table).select('created_at').orderBy('created_at').limit(1).executeTakeFirst();
  const found = [await oldest('alerts'), await oldest('tickets')].flatMap((row) => row?.created_at ?? []);
  return found.length === 0 ? null : Math.min(...found);
}
