/** Keyset paging: a page begins after the last row of the page before it, however many rows come meanwhile. */
import { Refusal } from '../refusal.ts';

export interface Key {
  readonly at: number;
  readonly id: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly next: string | null;
}

export function keyOf(token: string): Key {
  const match = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(token);
  if (match === null) throw new Refusal('page_key_invalid', 'after: not a value that `next` gave');
  return { at: Number(match[1]), id: match[2] as string };
}

/** Of `limit + 1` rows read, the page and where the next one begins; `at`: the instant by which they are ordered. */
export function pageOf<Row extends { readonly created_at: number; readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  at: (row: Row) => number = (row) => row.created_at,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? `${at(last)}.${last.id}` : null };
}
