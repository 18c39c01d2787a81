/** The pages that operators ask for all day, on a store that holds years: 1,000,000 alerts and 100,000 tickets. */
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../../gateway/src/store/database.ts';
import { percentile } from '../statistics.ts';
import { login } from './browser.ts';
import type { GatewayProcess } from './gateway-process.ts';

const ALERTS = 1_000_000;
const TICKETS = 100_000;
const ROUNDS = 25;
const PAGES = [
  '/api/alerts?state=new&order=oldest',
  '/api/alerts?state=new',
  '/api/alerts',
  '/api/alerts?state=rejected',
  '/api/alerts?camera=bench/edge-1/camera-7',
  '/api/alerts?damageClass=pothole&state=confirmed',
  '/api/tickets?state=open',
  '/api/tickets',
  '/api/tickets?state=closed',
];

/** Milliseconds at the 95th percentile of each page, with the first page and one deep in the list. */
export async function lists(gateway: GatewayProcess): Promise<Readonly<Record<string, number>>> {
  await fill(gateway.store);
  const browser = await login(gateway);
  const figures: Record<string, number> = {};
  for (const page of PAGES) {
    const times: number[] = [];
    let next: string | null = null;
    for (let round = 0; round < ROUNDS; round++) {
      const separator = page.includes('?') ? '&' : '?';
      const { ms, body } = await browser.get(next === null ? page : `${page}${separator}after=${next}`);
      times.push(ms);
      next = (body as { next: string | null }).next;
    }
    figures[page] = percentile(times, 0.95);
  }
  return figures;
}

/** Rows as the gateway writes them, made by the store itself: three years of alerts on a hundred cameras. */
async function fill(store: Store): Promise<void> {
  const series = (count: number): RawBuilder<unknown> =>
    store.kind === 'postgres'
      ? sql`(select generate_series(1::bigint, ${sql.lit(count)}) as n)`
      : sql`(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${sql.lit(count)}) select n from s)`;
  const hex = (digits: number): RawBuilder<unknown> =>
    store.kind === 'postgres'
      ? sql`lpad(to_hex(n), ${sql.lit(digits)}, '0')`
      : sql`printf(${sql.lit(`%0${digits}x`)}, n)`;
  const id = sql`'0198c0de-0000-7000-8000-' || ${hex(12)}`;
  const at = sql`1700000000000 + n * 90000`;
  await store.transaction(async (tx) => {
    await sql`insert into alerts (id, open_key, site, agent, camera, damage_class, state, condition, box_x, box_y, box_w,
      box_h, detection_id, score, occurrences, first_seen_at, last_seen_at, created_at, updated_at, ticket_id, version)
      select ${id}, null, 'bench', 'edge-1', 'camera-' || (n % 100), case n % 3 when 0 then 'pothole' else 'transverse_crack' end,
      case when n % 500 = 0 then 'new' when n % 10 = 1 then 'confirmed' else 'rejected' end, 'present', 0.4, 0.5, 0.1, 0.1,
      ${id}, 0.8, 3, ${at}, ${at}, ${at}, ${at}, case when n % 10 = 1 then ${id} end, 1 from ${series(ALERTS)} as series`.execute(
      tx.db,
    );
    await sql`insert into tickets (id, number, alert_id, state, damage_class, site, agent, camera, unit_id, created_at,
      created_by, dispatched_at, updated_at, version)
      select ${id}, 'B-' || ${hex(12)}, ${id}, case when n % 200 = 0 then 'dispatched' else 'closed' end, 'pothole', 'bench',
      'edge-1', 'camera-' || (n % 100), 'road-maintenance', ${at}, 'user:bench', ${at}, ${at}, 2
      from ${series(TICKETS)} as series`.execute(tx.db);
    await sql`insert into clocks (id, ticket_id, kind, state, started_at, duration_ms, deadline_at, used_ms, fired)
      select ${id}, ${id}, 'response', 'met', ${at}, 1800000, ${at} + 1800000, 60000, 0
      from ${series(TICKETS)} as series`.execute(tx.db);
  });
  if (store.kind === 'postgres') await sql`analyze`.execute(store.db);
}
