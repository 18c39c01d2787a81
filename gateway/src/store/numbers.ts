/** Numbers that people read out to each other: the day, and a count that begins anew with it. */
import { reserve } from './counters.ts';
import type { Tx } from './database.ts';

export async function numberOfDay(
  tx: Tx,
  { prefix, counter }: { readonly prefix: string; readonly counter: string },
  timeZone: string,
): Promise<string> {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    .format(tx.at)
    .replaceAll('-', '');
  const count = await reserve(tx.db, `${counter}:${day}`);
  return `${prefix}-${day}-${String(count).padStart(6, '0')}`;
}
