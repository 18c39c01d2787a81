/** A queue as long as a neglected city's: rows as the gateway writes them, put into its SQLite store while it runs. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Of little risk, each of a camera of its own hundred, a minute apart; the newest an hour old. */
export async function fillQueue(dataDir: string, count: number): Promise<void> {
  const store = new DatabaseSync(join(dataDir, 'gateway.sqlite'));
  try {
    store.exec('pragma busy_timeout = 10000');
    const oldest = Date.now() - 3_600_000 - count * 60_000;
    const id = `'0198c0de-0000-7000-8000-' || printf('%012x', n)`;
    const at = `${oldest} + n * 60000`;
    store.exec(`insert into alerts (id, site, agent, camera, damage_class, state, condition, box_x, box_y, box_w, box_h,
      detection_id, score, occurrences, first_seen_at, last_seen_at, created_at, updated_at, risk_rank, verdict_due_at, version)
      select ${id}, 'bench', 'edge-1', 'camera-' || (n % 100), 'transverse_crack', 'new', 'present', 0.4, 0.5, 0.1, 0.1,
      ${id}, 0.8, 1, ${at}, ${at}, ${at}, ${at}, 2, ${at} + 86400000, 1
      from (with recursive s(n) as (select 1 union all select n + 1 from s where n < ${count}) select n from s)`);
  } finally {
    store.close();
  }
}
