/**
 * The list of what waits, as far as it has been loaded: from its head, page after page, in the gateway's order. It is a view; what
 * is judged next does not come from it. What an operator points at never moves: then what arrives stays outside.
 */
import type { Alert, AlertPage } from '@roadwatch/contract/api';
import { RISKS } from '@roadwatch/contract/api/vocabulary.ts';

export interface Rows {
  readonly loaded: readonly Alert[];
  /** Where the next page begins; null when all are loaded. */
  readonly next: string | null;
  /** Of the whole list; null until the gateway has said. */
  readonly total: number | null;
  /** The pointer is on it. */
  readonly held: boolean;
  /** What came while it was held. */
  readonly outside: readonly Alert[];
  /** Ids that came while the desk was open and have not been looked at. */
  readonly fresh: ReadonlySet<string>;
  /** What is read out to those who do not see the screen. */
  readonly announced: Alert | null;
}

export const NO_ROWS: Rows = {
  loaded: [],
  next: null,
  total: null,
  held: false,
  outside: [],
  fresh: new Set(),
  announced: null,
};

/** By risk, then by what is left of the time for a verdict, then by age: the gateway's order (gateway/src/queue/order.ts). */
function inOrder(a: Alert, b: Alert): number {
  return (
    RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) ||
    a.verdictDueAt.localeCompare(b.verdictDueAt) ||
    a.createdAt.localeCompare(b.createdAt) ||
    a.id.localeCompare(b.id)
  );
}

/** The first page, anew: what has been loaded beyond it stays, unless it is over or the page ends before it. */
export function headLoaded(rows: Rows, page: AlertPage): Rows {
  const known = new Set(rows.loaded.map(({ id }) => id));
  const ids = new Set(page.items.map(({ id }) => id));
  const last = page.items.at(-1);
  const beyond =
    page.next === null || last === undefined
      ? []
      : rows.loaded.filter((alert) => !ids.has(alert.id) && inOrder(alert, last) > 0);
  const first = rows.total === null;
  const arrived = first ? [] : page.items.filter(({ id }) => !known.has(id));
  const all = [...page.items, ...beyond];
  const inside = rows.held ? all.filter(({ id }) => known.has(id)) : all;
  return {
    ...rows,
    loaded: inside,
    outside: rows.held ? all.filter(({ id }) => !known.has(id)) : [],
    next: beyond.length === 0 ? page.next : rows.next,
    total: page.total,
    fresh: keptOf(new Set([...rows.fresh, ...arrived.map(({ id }) => id)]), all),
    announced: arrived[0] ?? rows.announced,
  };
}

/** The page behind what is loaded. */
export function pageLoaded(rows: Rows, page: AlertPage): Rows {
  const known = new Set([...rows.loaded, ...rows.outside].map(({ id }) => id));
  const more = page.items.filter(({ id }) => !known.has(id));
  return { ...rows, loaded: [...rows.loaded, ...more], next: page.next, total: page.total };
}

/** Those of `ids` that the gateway says are in the list; the others are not, or no more. */
export function renewed(rows: Rows, ids: readonly string[], { items, total }: AlertPage): Rows {
  const there = new Set(items.map(({ id }) => id));
  const gone = ids.filter((id) => !there.has(id)).reduce(without, rows);
  return { ...items.reduce(changed, gone), total };
}

/** It has been seen again. Null when that does not say how often, since others are a part of it. */
export function seenAgain(rows: Rows, id: string, seen: Pick<Alert, 'count' | 'lastSeenAt'>): Rows | null {
  const known = [...rows.loaded, ...rows.outside].find((alert) => alert.id === id);
  if (known === undefined) return rows;
  if (known.parts.length > 0) return null;
  const next = { ...known, ...seen };
  return { ...rows, loaded: replaced(rows.loaded, next), outside: replaced(rows.outside, next) };
}

/** An alert of the list as it is now: at its place, also when it has only now come into it. */
export function changed(rows: Rows, alert: Alert): Rows {
  if (has(rows.loaded, alert.id)) return { ...rows, loaded: replaced(rows.loaded, alert) };
  if (has(rows.outside, alert.id)) return { ...rows, outside: replaced(rows.outside, alert) };
  const total = rows.total === null ? null : rows.total + 1;
  const last = rows.loaded.at(-1);
  // Beyond what is loaded it comes with its page.
  if (rows.next !== null && last !== undefined && inOrder(alert, last) > 0) return { ...rows, total };
  const fresh = new Set([...rows.fresh, alert.id]);
  const news = { ...rows, total, fresh, announced: alert };
  return rows.held
    ? { ...news, outside: [...rows.outside, alert] }
    : { ...news, loaded: [...rows.loaded, alert].sort(inOrder) };
}

/** Who has it before them now. */
export function heldBy(rows: Rows, id: string, lease: Pick<Alert, 'claimedBy' | 'claimUntil'>): Rows {
  const lay = (alerts: readonly Alert[]): readonly Alert[] =>
    has(alerts, id) ? alerts.map((alert) => (alert.id === id ? { ...alert, ...lease } : alert)) : alerts;
  const [loaded, outside] = [lay(rows.loaded), lay(rows.outside)];
  return loaded === rows.loaded && outside === rows.outside ? rows : { ...rows, loaded, outside };
}

export function without(rows: Rows, id: string): Rows {
  if (!has(rows.loaded, id) && !has(rows.outside, id)) return rows;
  const others = (alerts: readonly Alert[]): readonly Alert[] => alerts.filter((alert) => alert.id !== id);
  const loaded = others(rows.loaded);
  const total = rows.total === null ? null : Math.max(0, rows.total - 1);
  return { ...rows, loaded, outside: others(rows.outside), total, fresh: keptOf(rows.fresh, loaded) };
}

export function hold(rows: Rows, held: boolean): Rows {
  if (held) return { ...rows, held };
  const loaded = rows.outside.length === 0 ? rows.loaded : [...rows.loaded, ...rows.outside].sort(inOrder);
  return { ...rows, held, loaded, outside: [] };
}

export function lookedAt(rows: Rows, id: string): Rows {
  return rows.fresh.has(id)
    ? { ...rows, fresh: new Set([...rows.fresh].filter((other) => other !== id)) }
    : rows;
}

/** One further or one back that nobody else has, staying inside. */
export function step(
  { loaded }: Rows,
  from: string | null,
  by: 1 | -1,
  isFree: (alert: Alert) => boolean,
): Alert | null {
  const start = loaded.findIndex(({ id }) => id === from);
  for (let at = start + by; at >= 0 && at < loaded.length; at += by) {
    const alert = loaded[at] as Alert;
    if (isFree(alert)) return alert;
  }
  return null;
}

function has(alerts: readonly Alert[], id: string): boolean {
  return alerts.some((alert) => alert.id === id);
}

function replaced(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  return alerts.map((each) => (each.id === alert.id ? alert : each));
}

function keptOf(ids: ReadonlySet<string>, alerts: readonly Alert[]): ReadonlySet<string> {
  if (ids.size === 0) return ids;
  const there = new Set(alerts.map(({ id }) => id));
  return new Set([...ids].filter((id) => there.has(id)));
}
