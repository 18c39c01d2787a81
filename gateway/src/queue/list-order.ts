/** The orders of a list, each by columns that do not change under it, so that a page begins after the last row of the one before it. */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { Refusal } from '../refusal.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import type { Tables } from '../store/tables/index.ts';
import { QUEUE_ORDER } from './order.ts';

export const LIST_ORDERS = {
  newest: { columns: ['created_at', 'id'], direction: 'desc' },
  oldest: { columns: ['created_at', 'id'], direction: 'asc' },
  /** What somebody has judged, the latest verdict first; of those that have been judged only. */
  judged: { columns: ['verdict_at', 'id'], direction: 'desc' },
  queue: { columns: QUEUE_ORDER, direction: 'asc' },
} as const;
export type ListOrder = keyof typeof LIST_ORDERS;

/** The columns of every order. */
export const ORDER_COLUMNS = ['id', 'risk_rank', 'verdict_due_at', 'created_at', 'verdict_at'] as const;

export function keyOfRow(order: ListOrder, row: Pick<AlertRow, (typeof ORDER_COLUMNS)[number]>): string {
  return LIST_ORDERS[order].columns.map((column) => row[column]).join('.');
}

/** What comes after the row of a key. Throws Refusal for a key that no page of this order gave. */
export function beyond(order: ListOrder, key: string): RawBuilder<boolean> {
  const { columns, direction } = LIST_ORDERS[order];
  const values = key.split('.');
  const id = values.pop() as string;
  const isSound = values.length === columns.length - 1 && values.every((value) => /^\d{1,16}$/.test(value));
  if (!isSound || !/^[0-9a-f-]{36}$/.test(id))
    throw new Refusal('page_key_invalid', 'after: not a value that `next` gave');
  const names = sql.join(columns.map((column) => sql.ref(`alerts.${column}`)));
  const row = sql.join([...values.map((value) => sql`${Number(value)}`), sql`${id}`]);
  return direction === 'asc' ? sql<boolean>`(${names}) > (${row})` : sql<boolean>`(${names}) < (${row})`;
}

export function inOrder<Output>(
  query: SelectQueryBuilder<Tables, 'alerts', Output>,
  order: ListOrder,
): SelectQueryBuilder<Tables, 'alerts', Output> {
  const { columns, direction } = LIST_ORDERS[order];
  return columns.reduce((all, column) => all.orderBy(`alerts.${column}`, direction), query);
}
