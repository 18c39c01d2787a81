/** How long the bureau waits for the figures of a year with 100,000 tickets, on both stores in one run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FigureGrouping } from '@roadwatch/contract/api';
import { type RawBuilder, sql } from 'kysely';
import { DayKeeper } from '../../gateway/src/figures/days/keeper.ts';
import { figureReport } from '../../gateway/src/figures/report.ts';
import { Store } from '../../gateway/src/store/database.ts';
import { startPostgres } from '../../gateway/testing/postgres.ts';
import { median, rounded } from '../statistics.ts';

const TICKETS = 100_000;
/** Of each year: this one, and the one that it is compared with. */
const ALERTS = 200_000;
const CAMERAS = 500;
const UNITS = 20;
const YEARS = [2025, 2026];
const ROUNDS = 5;
const VIEWS: readonly FigureGrouping[] = ['time', 'unit', 'class', 'area', 'camera'];
const NOW = Date.parse('2027-01-01T00:00:00+08:00');
const CONFIG = { timeZone: 'Asia/Shanghai', areas: new Map() };

async function measure(url?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-figures-'));
  const store = await Store.open({ dataDir: folder, now: () => NOW, ...(url === undefined ? {} : { url }) });
  try {
    for (const year of YEARS) await fill(store, year);
    if (store.kind === 'postgres') await sql`analyze`.execute(store.db);
    const anew = await seconds(() => view(store, 'unit'));
    const keeper = new DayKeeper(store, CONFIG);
    const keepS = await seconds(async () => {
      while ((await keeper.keep()) > 0);
    });
    const kept: Record<string, number> = {};
    for (const by of VIEWS) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await seconds(() => view(store, by)));
      kept[`${by}S`] = rounded(median(times));
    }
    return { anewS: rounded(anew, 1), keepS: rounded(keepS, 1), ...kept };
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

function view(store: Store, by: FigureGrouping) {
  const question = { from: '2026-01-01', to: '2026-12-31', by, each: 'month' } as const;
  return figureReport({ store, config: CONFIG, inTurn: (work) => work() }, question, 200);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** Rows as the gateway writes them, spread over the year, made by the store itself; every second alert becomes a ticket. */
async function fill(store: Store, year: number): Promise<void> {
  const numbers = sql.lit(ALERTS);
  const series: RawBuilder<unknown> =
    store.kind === 'postgres'
      ? sql`(select generate_series(1::bigint, ${numbers}) as n)`
      : sql`(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${numbers}) select n from s)`;
  const start = Date.parse(`${year}-01-01T00:00:00+08:00`);
  const every = Math.floor((365 * 86_400_000 - 4 * 3_600_000) / ALERTS);
  const at = sql`(${sql.lit(start)} + n * ${sql.lit(every)})`;
  const id = sql`${sql.lit(`a-${year}-`)} || n`;
  const camera = sql`'camera-' || (n * 7 % ${sql.lit(CAMERAS)})`;
  const unit = sql`'unit-' || (n % ${sql.lit(UNITS)})`;
  const name = sql`case n % 3 when 0 then 'pothole' when 1 then 'alligator_crack' else 'transverse_crack' end`;
  const minutes = (count: RawBuilder<unknown>) => sql`${at} + 60000 * (${count})`;
  const repaired = minutes(sql`60 + n % 90`);
  await store.transaction(async ({ db }) => {
    await sql`insert into alerts (id, site, agent, camera, damage_class, state, condition, box_x, box_y, box_w, box_h, detection_id,
      score, occurrences, first_seen_at, last_seen_at, created_at, updated_at, verdict_at, verdict_by, version)
      select ${id}, 'bench', 'edge-1', ${camera}, ${name}, case n % 2 when 0 then 'confirmed' else 'rejected' end, 'present', 0.4, 0.5,
      0.1, 0.1, ${id}, 0.8, 3, ${at}, ${at}, ${at}, ${at}, ${at} + 1000 * (5 + n % 300), 'user:bench', 1
      from ${series} as series`.execute(db);
    await sql`insert into tickets (id, number, alert_id, state, damage_class, site, agent, camera, unit_id, created_at, created_by,
      dispatched_at, repaired_at, closed_at, outcome, updated_at, version)
      select ${id}, ${id}, ${id}, 'closed', ${name}, 'bench', 'edge-1', ${camera}, ${unit}, ${at}, 'user:bench', ${minutes(sql`1`)},
      ${repaired}, ${minutes(sql`180`)}, 'repaired', ${at}, 2 from ${series} as series where n % 2 = 0`.execute(
      db,
    );
    for (const kind of ['response', 'resolution'])
      await sql`insert into clocks (id, ticket_id, kind, state, started_at, duration_ms, deadline_at, used_ms, fired)
        select ${sql.lit(`${kind}-`)} || ${id}, ${id}, ${sql.lit(kind)}, 'met', ${at}, 1800000, ${minutes(sql`120`)}, 60000, 0
        from ${series} as series where n % 2 = 0`.execute(db);
    await sql`insert into inspections (id, ticket_id, state, result, evidence, attempts, max_attempts, retry_ms, requested_at,
      requested_by, ended_at) select 'i-' || ${id}, ${id}, 'done', 'pass', '[]', 1, 3, 60000, ${repaired}, 'system', ${repaired} + 1000
      from ${series} as series where n % 4 = 0`.execute(db);
  });
}

export const figures = {
  name: 'figures',
  about: `the figures of a year with ${TICKETS} tickets, as the bureau asks for them`,
  async run() {
    const sqlite = await measure();
    const server = await startPostgres();
    const postgres = await server
      .create('figures')
      .then(measure)
      .finally(() => server.stop());
    const rows = Object.entries(sqlite).map(([key, value]) => [
      key,
      value,
      (postgres as Readonly<Record<string, number>>)[key] ?? '',
    ]);
    return {
      figures: { sqlite, postgres },
      table: [['', 'SQLite', 'PostgreSQL'], ...rows],
      notes: [
        `${TICKETS} tickets and ${ALERTS} alerts in each of two years, on ${CAMERAS} cameras and of ${UNITS} units; each report is of the second year, beside the first, which is both the period before it and the same period a year before`,
        `anewS: the report by unit counted from all alerts and tickets, with no day kept; keepS: counting each day once, to be kept; the others, named by what they are grouped by: the median of ${ROUNDS} reports from the days that are kept`,
      ],
    };
  },
};
