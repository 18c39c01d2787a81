/** A store of the first release, whose clocks are half run out when this gateway takes it over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@roadwatch/contract';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, onTestFinished, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import { QUIET } from '../../testing/ticket.ts';
import { Store } from '../store/database.ts';
import { MIGRATIONS } from '../store/migrations/migrate.ts';
import { sqliteDialect } from '../store/sqlite.ts';
import type { Tables } from '../store/tables/index.ts';
import { fireDueClocks } from './fire-clocks.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T08:00:00.000Z');
const CLOCK = {
  ticket_id: 't1',
  state: 'running',
  started_at: START,
  used_ms: 0,
  breached_at: null,
} as const;

/** As the first release wrote it: of the response two steps have fired, of the repair none is due yet. */
async function firstRelease(dataDir: string): Promise<void> {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(join(dataDir, 'gateway.sqlite')) });
  const { '0001-initial': initial } = MIGRATIONS;
  if (initial === undefined) throw new Error('the first release has no shape');
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ '0001-initial': initial }) },
  });
  await migrator.migrateToLatest();
  const write = async (table: string, row: object): Promise<void> => {
    await (db as unknown as Kysely<Record<string, object>>).insertInto(table).values(row).execute();
  };
  await write('tickets', {
    ...{ id: 't1', number: 'RW-20261120-000001', alert_id: 'a1', state: 'dispatched', version: 2 },
    ...{ damage_class: 'pothole', site: 'site', agent: 'box', camera: 'one', unit_id: 'road-maintenance' },
    ...{ created_at: START, created_by: 'user:ann', dispatched_at: START, updated_at: START },
  });
  const clocks = [
    { id: 'c1', kind: 'response', duration_ms: 30 * MINUTE, fired: 80, due_at: START + 30 * MINUTE },
    { id: 'c2', kind: 'resolution', duration_ms: 100 * MINUTE, fired: 0, due_at: START + 50 * MINUTE },
  ];
  for (const clock of clocks)
    await write('clocks', { ...CLOCK, ...clock, deadline_at: START + clock.duration_ms });
  const log = (clock_id: string, event: string, atMinutes: number, data: object) =>
    write('clock_log', {
      ...{ id: newId(), clock_id, ticket_id: 't1', event },
      ...{ at: START + atMinutes * MINUTE, data: JSON.stringify(data) },
    });
  await log('c1', 'started', 0, { durationMs: 30 * MINUTE });
  await log('c2', 'started', 0, { durationMs: 100 * MINUTE });
  await log('c1', 'rung', 15, { percent: 50, noticedAt: START + 15 * MINUTE });
  await log('c1', 'rung', 24, { percent: 80, noticedAt: START + 24 * MINUTE });
  await db.destroy();
}

test('each step of a clock of an older store fires once: none again, and none never', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-older-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  await firstRelease(dataDir);
  let now = START + 29 * MINUTE;
  const store = await Store.open({ dataDir, now: () => now });
  onTestFinished(() => store.close());
  const fired = async (minutes: number) => {
    now = START + minutes * MINUTE;
    await fireDueClocks(store, testConfig(), QUIET);
    const rows = await store.db
      .selectFrom('clock_log')
      .innerJoin('clocks', 'clocks.id', 'clock_log.clock_id')
      .select(['clocks.kind', 'clock_log.data'])
      .where('event', '=', 'rung')
      .execute();
    return rows
      .map(({ kind, data }) => `${kind} ${(JSON.parse(data) as { percent: number }).percent}`)
      .sort();
  };
  const before = ['response 50', 'response 80'];
  expect(await fired(29)).toEqual(before);
  expect(await fired(31)).toEqual([...before, 'response 100'].sort());
  const all = [50, 80, 100, 150]
    .flatMap((percent) => [`response ${percent}`, `resolution ${percent}`])
    .sort();
  // As when no gateway ran for a day.
  expect(await fired(24 * 60)).toEqual(all);
  expect(await fired(48 * 60)).toEqual(all);
  expect(
    await store.db
      .selectFrom('clocks')
      .select(['kind', 'fired', 'breached_at', 'due_at'])
      .orderBy('kind')
      .execute(),
  ).toEqual([
    { kind: 'resolution', fired: 150, breached_at: START + 100 * MINUTE, due_at: null },
    { kind: 'response', fired: 150, breached_at: START + 30 * MINUTE, due_at: null },
  ]);
  const notices = await store.db.selectFrom('notices').select(['kind', 'percent']).distinct().execute();
  expect(notices.map(({ kind, percent }) => `${kind} ${percent}`).sort()).toEqual([
    'resolution 150',
    'response 100',
    'response 150',
  ]);
});
