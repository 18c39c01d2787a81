/** Gapless numbers: the row stays locked until the transaction ends, so numbers are committed in order. */
import type { Kysely } from 'kysely';
import type { Tables } from './tables/index.ts';

/** Takes `count` numbers from the counter and returns the first; counters start at 1. */
export async function reserve(db: Kysely<Tables>, name: string, count = 1): Promise<number> {
  const { value } = await db
    .insertInto('counters')
    .values({ name, value: count })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ value: row('counters.value', '+', count) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}
