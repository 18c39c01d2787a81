/** How late deadlines are looked at while a hundred thousand old pictures are deleted, on both stores in one run. */
import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { parseConfig } from '../../gateway/src/config/config.ts';
import { folderEvidenceStore } from '../../gateway/src/evidence/store.ts';
import { Ticker } from '../../gateway/src/jobs/ticker.ts';
import { purgeEvidence } from '../../gateway/src/retention/purge.ts';
import { Store } from '../../gateway/src/store/database.ts';
import { fireDueClocks } from '../../gateway/src/workflow/fire-clocks.ts';
import { startPostgres } from '../../gateway/testing/postgres.ts';
import { percentile } from '../statistics.ts';

const FILES = 100_000;
const ROWS_AT_ONCE = 1_000;
const TICK_MS = 500;
const QUIET_MS = 15_000;
const QUIET = pino({ level: 'silent' });

interface Figures {
  readonly purgeSeconds: number;
  readonly clockLateP50Ms: number;
  readonly clockLateP99Ms: number;
  readonly clockLateMaxMs: number;
  readonly quietLateP99Ms: number;
}

async function measure(url?: string): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-purge-'));
  const config = parseConfig(JSON.stringify({ dataDir: folder }), join(folder, 'gateway.yaml'));
  const store = await Store.open({ dataDir: folder, ...(url === undefined ? {} : { url }) });
  try {
    const evidence = folderEvidenceStore(config.evidence.dir);
    await fill(store, config.evidence.dir);
    const ends: number[] = [];
    const clocks = async () => {
      await fireDueClocks(store, config, QUIET);
      ends.push(performance.now());
    };
    const watching = new Ticker([{ name: 'clocks', every: 1, run: clocks }], QUIET);
    await delay(QUIET_MS);
    const quiet = lateness(ends.splice(0));
    const startedAt = performance.now();
    const purged = await purgeEvidence(store, evidence, config.retention, QUIET);
    const purgeSeconds = (performance.now() - startedAt) / 1000;
    await watching.stop();
    if (purged !== FILES) throw new Error(`${purged} of ${FILES} pictures were deleted`);
    const late = lateness(ends);
    return {
      purgeSeconds: Math.round(purgeSeconds * 10) / 10,
      clockLateP50Ms: Math.round(percentile(late, 0.5)),
      clockLateP99Ms: Math.round(percentile(late, 0.99)),
      clockLateMaxMs: Math.round(Math.max(...late)),
      quietLateP99Ms: Math.round(percentile(quiet, 0.99)),
    };
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

/** How much longer than a tick each look at the clocks came after the one before. */
function lateness(ends: readonly number[]): number[] {
  return ends.slice(1).map((end, at) => end - (ends[at] as number) - TICK_MS);
}

/** Small pictures that nothing refers to, all of them too old: their deletion costs as much as that of large ones. */
async function fill(store: Store, dir: string): Promise<void> {
  for (let n = 0; n < 256; n++)
    await mkdir(join(dir, n.toString(16).padStart(2, '0')), { recursive: true, mode: 0o700 });
  for (let from = 0; from < FILES; from += ROWS_AT_ONCE) {
    const rows = Array.from({ length: ROWS_AT_ONCE }, (_, n) => {
      const bytes = Buffer.from(`picture ${from + n}`);
      const row = { content_type: 'image/jpeg', bytes: bytes.length, stored_at: from + n + 1 };
      return { bytes, row: { sha256: sha256(bytes), ...row } };
    });
    for (const { bytes, row } of rows) writeFileSync(join(dir, row.sha256.slice(0, 2), row.sha256), bytes);
    await store.transaction(async ({ db }) => {
      await db
        .insertInto('evidence')
        .values(rows.map(({ row }) => row))
        .execute();
    });
  }
}

export const purge = {
  name: 'purge',
  about: `how late deadlines are looked at while ${FILES} old pictures are deleted`,
  async run() {
    const sqlite = await measure();
    const server = await startPostgres();
    const postgres = await server
      .create('purge')
      .then(measure)
      .finally(() => server.stop());
    const rows = Object.keys(sqlite).map((key) => [
      key,
      sqlite[key as keyof Figures],
      postgres[key as keyof Figures],
    ]);
    return {
      figures: { files: FILES, sqlite, postgres },
      table: [['', 'SQLite', 'PostgreSQL'], ...rows],
      notes: [
        'late: the time between two looks at the clocks beyond the half second that it should be; before chores had loops of their own it was the whole purge',
      ],
    };
  },
};
