/** Figures of a period with those of the period before (环比) and of a year before (同比), as a page or a table shows them. */
import { type DamageClass, timestamp } from '@roadwatch/contract';
import type {
  FigureGrouping,
  FigureReport,
  FigureRow,
  FigureSpan,
  FigureStep,
} from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Config } from '../config/config.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { type Counted, type Counting, count } from './count.ts';
import { missingMs } from './days/kept.ts';
import { grouping, groupNames, type TraitFilter } from './groups.ts';
import { asFarAs, checkSpan, type Part, partsOf, periodOf, spanBefore, spanYearBefore } from './period.ts';
import { ranks } from './rank.ts';
import { Tally } from './tally.ts';

export interface Question extends FigureSpan {
  readonly by: FigureGrouping;
  readonly each: FigureStep;
  /** Left out: of all. */
  readonly unit?: string;
  readonly damageClass?: DamageClass;
  /** The unit whose area it is; empty: outside of all. */
  readonly area?: string;
  /** `site/agent/camera`; empty: reported by people. */
  readonly camera?: string;
}

export interface Reporting {
  readonly store: Pick<Store, 'db' | 'now'>;
  readonly config: Pick<Config, 'timeZone' | 'areas'>;
  /** Lets one after the other do what reads the alerts and tickets of months. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** So much of a report may be counted anew beside others: the days that something has changed in, and the present one. */
const MUCH_MS = 14 * 86_400_000;

/** At most `limit` rows, those with the most to tell first. Throws Refusal. */
export async function figureReport(
  { store, config: { timeZone, areas }, inTurn }: Reporting,
  question: Question,
  limit: number,
): Promise<FigureReport> {
  const { from, to, by, each } = question;
  const span = { from, to };
  checkSpan(span);
  const now = store.now();
  const spans = { before: spanBefore(span), yearBefore: spanYearBefore(span) };
  const whole = periodOf(span, timeZone);
  const parts = by === 'time' ? partsOf(span, each, timeZone) : [];
  const counting = {
    filter: filterOf(question),
    cameras: by === 'camera' || question.camera !== undefined,
    areas: by === 'area' || question.area !== undefined ? areas : null,
    now,
  };
  const groupOf = grouping(by, parts);
  const earlier = by === 'time' ? () => undefined : groupOf;
  const countings: readonly [Counting, Counting, Counting] = [
    { ...counting, period: { start: whole.start, end: Math.min(whole.end, now + 1) }, groupOf },
    { ...counting, period: asFarAs(spans.before, span, now, timeZone), groupOf: earlier },
    { ...counting, period: asFarAs(spans.yearBefore, span, now, timeZone), groupOf: earlier },
  ];
  let missing = 0;
  for (const each of countings) missing += await missingMs(store.db, each);
  const countAll = async (): Promise<readonly [Counted, Counted, Counted]> => {
    const [present, before, yearBefore] = countings;
    const counted = await count(store.db, present);
    const earlier = await count(store.db, before);
    // What comes before a year is the year before.
    const isSame =
      before.period.start === yearBefore.period.start && before.period.end === yearBefore.period.end;
    return [counted, earlier, isSame ? earlier : await count(store.db, yearBefore)];
  };
  const [present, before, yearBefore] = await (missing > MUCH_MS ? inTurn(countAll) : countAll());

  const keys = await keysOf(store.db, question, present, parts, now);
  const shown = keys.slice(0, limit);
  const nameOf = await groupNames(store.db, by, shown);
  const rowOf = (key: string): FigureRow => ({
    key,
    name: nameOf(key),
    figures: figuresOf(present, key),
    before: by === 'time' ? null : figuresOf(before, key),
    yearBefore: by === 'time' ? null : figuresOf(yearBefore, key),
    rank: null,
  });
  return {
    ...span,
    timeZone,
    until: now < whole.end ? timestamp(now) : null,
    by,
    each,
    ...spans,
    total: {
      key: '',
      name: { en: 'Total', zh: '合计' },
      figures: present.total.figures(),
      before: before.total.figures(),
      yearBefore: yearBefore.total.figures(),
      rank: null,
    },
    rows: by === 'unit' ? ranked(shown.map(rowOf)) : shown.map(rowOf),
    omitted: keys.length - shown.length,
  };
}

function filterOf({ unit, damageClass, area, camera }: Question): TraitFilter {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(damageClass === undefined ? {} : { damageClass }),
    ...(area === undefined ? {} : { area }),
    ...(camera === undefined ? {} : { camera }),
  };
}

/** In the order in which they are shown; a unit and a part of the period are there also when they had nothing to do. */
async function keysOf(
  db: Kysely<Tables>,
  { by, unit }: Question,
  { groups }: Counted,
  parts: readonly Part[],
  now: number,
): Promise<readonly string[]> {
  if (by === 'time') return parts.filter(({ start }) => start <= now).map(({ key }) => key);
  const keys = new Set(groups.keys());
  if (by === 'unit') {
    const units = await db.selectFrom('units').select('id').where('retired_at', 'is', null).execute();
    for (const { id } of units) if (unit === undefined || id === unit) keys.add(id);
  }
  const weight = new Map(
    [...keys].map((key) => {
      const { received, filed, dispatched, closed } = (groups.get(key) ?? new Tally()).figures();
      return [key, received.of + filed.of + dispatched.of + closed.of];
    }),
  );
  return [...keys].sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || (a < b ? -1 : 1));
}

function figuresOf({ groups }: Counted, key: string) {
  return (groups.get(key) ?? new Tally()).figures();
}

/** By rank; whoever has none comes last. */
function ranked(rows: readonly FigureRow[]): readonly FigureRow[] {
  const found = ranks(rows);
  return rows
    .map((row) => ({ ...row, rank: found.get(row) ?? null }))
    .sort((a, b) => (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER));
}
