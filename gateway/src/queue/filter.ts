/** Which alerts a list or a desk is about, as far as the store can be asked; what only the city's map knows is in `on-the-map.ts`. */
import type { DamageClass } from '@roadwatch/contract';
import type { AlertState } from '@roadwatch/contract/api';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { likeText } from '../store/like.ts';
import type { Tables } from '../store/tables/index.ts';

export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export interface AlertFilter {
  /** Left out: all but those that are part of another. */
  readonly states?: readonly AlertState[];
  /** SITE/AGENT/CAMERA. */
  readonly camera?: string;
  readonly damageClass?: DamageClass;
  /** In degrees of WGS 84: in all of them. */
  readonly boxes?: readonly Box[];
  /** When it was made, in milliseconds since 1970: from, and before. */
  readonly from?: number;
  readonly to?: number;
  /** Somewhere in what a person reported, the camera's names, or a note. */
  readonly text?: string;
  /** SITE/AGENT/CAMERA of those whose names hold the text. */
  readonly namedSo?: readonly string[];
  /** How the number of its ticket or report begins or ends. */
  readonly number?: string;
  readonly reason?: string;
  /** Only those of these that are in it. */
  readonly ids?: readonly string[];
  /** Who gave the verdict, as the audit names them. */
  readonly judgedBy?: string;
  /** When, in milliseconds since 1970: from, and before. */
  readonly judgedFrom?: number;
  readonly judgedTo?: number;
  /** Only those that have been judged. */
  readonly isJudged?: boolean;
}

type Where = ExpressionBuilder<Tables, 'alerts'>;

export function matches(filter: AlertFilter): (where: Where) => Expression<SqlBool> {
  return (where) => where.and(conditions(where, filter));
}

function conditions(where: Where, filter: AlertFilter): Expression<SqlBool>[] {
  const { states, camera, damageClass, boxes = [], from, to, text, namedSo = [], number } = filter;
  const { reason, ids, judgedBy, judgedFrom, judgedTo, isJudged = false } = filter;
  const [site = '', agent = '', name = ''] = camera?.split('/') ?? [];
  return [
    states === undefined ? where('state', '!=', 'merged') : stateIn(where, states),
    ...(camera === undefined
      ? []
      : [where('site', '=', site), where('agent', '=', agent), where('camera', '=', name)]),
    ...(damageClass === undefined ? [] : [where('damage_class', '=', damageClass)]),
    ...boxes.flatMap((box) => inBox(where, box)),
    ...(from === undefined ? [] : [where('created_at', '>=', from)]),
    ...(to === undefined ? [] : [where('created_at', '<', to)]),
    ...(text === undefined ? [] : [says(text, namedSo)]),
    ...(number === undefined ? [] : [isNumbered(number)]),
    ...(ids === undefined ? [] : [where('id', 'in', ids)]),
    ...(reason === undefined ? [] : [where('reason', '=', reason)]),
    ...(judgedBy === undefined ? [] : [where('verdict_by', '=', judgedBy)]),
    ...(judgedFrom === undefined ? [] : [where('verdict_at', '>=', judgedFrom)]),
    ...(isJudged ? [where('verdict_at', 'is not', null)] : []),
    ...(judgedTo === undefined ? [] : [where('verdict_at', '<', judgedTo)]),
  ];
}

function stateIn(where: Where, states: readonly AlertState[]): Expression<SqlBool> {
  // Written out, since SQLite takes the index of the queue for a state that it can read only.
  return states.length === 1 && states[0] === 'new'
    ? sql<boolean>`alerts.state = 'new'`
    : where('state', 'in', states);
}

function inBox(where: Where, { west, south, east, north }: Box): Expression<SqlBool>[] {
  return [
    where('latitude', '>=', south),
    where('latitude', '<=', north),
    where('longitude', '>=', west),
    where('longitude', '<=', east),
  ];
}

function says(text: string, cameras: readonly string[]): Expression<SqlBool> {
  const named =
    cameras.length === 0
      ? sql`false`
      : sql`alerts.site || '/' || alerts.agent || '/' || alerts.camera in (${sql.join(cameras)})`;
  const like = `%${likeText(text.toLowerCase())}%`;
  return sql<boolean>`(${named} or lower(alerts.camera) like ${like} escape '\\' or lower(coalesce(alerts.note, '')) like ${like} escape '\\'
    or exists (select 1 from citizen_reports where citizen_reports.alert_id = alerts.id
      and lower(coalesce(description, '') || ' ' || coalesce(address, '')) like ${like} escape '\\'))`;
}

/** `000123` finds RW-20261123-000123, and `RW-20261123` all of that day. */
function isNumbered(number: string): Expression<SqlBool> {
  const sought = likeText(number.toLowerCase());
  const [begins, ends] = [`${sought}%`, `%${sought}`];
  const like = (column: string) =>
    sql`(lower(${sql.ref(column)}) like ${begins} escape '\\' or lower(${sql.ref(column)}) like ${ends} escape '\\')`;
  return sql<boolean>`(exists (select 1 from tickets where tickets.id = alerts.ticket_id and ${like('tickets.number')})
    or exists (select 1 from citizen_reports where citizen_reports.alert_id = alerts.id
      and ${like('citizen_reports.number')}))`;
}
