/** Clocks on PostgreSQL that fire or are recalculated while units answer: what happens to a clock meanwhile is not written over. */
import { newId } from '@roadwatch/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockEvent, clockLog } from '../../src/clocks/clocks.ts';
import type { Store } from '../../src/store/database.ts';
import { fireDueClocks } from '../../src/workflow/fire-clocks.ts';
import { recalculateClocks } from '../../src/workflow/recalculate.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { type PostgresServer, startPostgres } from '../../testing/postgres.ts';
import { testStore, useServer } from '../../testing/store.ts';
import { dispatchedTicket, QUIET } from '../../testing/ticket.ts';

const ADMIN = { name: 'user:admin', channel: 'console' };

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  useServer(server.url);
});
afterAll(() => server.stop());

/** Resolves once some transaction of this database waits for another's lock. */
async function somebodyWaits({ db }: Store): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if ((rows[0]?.waiting ?? 0) > 0) return;
  }
}

test('a clock that is answered while the rules are changed stays answered', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store, { clocks: { responseMinutes: 30 } });
  time.pass(60_000);
  const changed = { ...config, clocks: { ...config.clocks, responseMinutes: 60 } };
  let recalculated: Promise<number> | null = null;
  await store.transaction(async (tx) => {
    const answered = { event: 'met', at: tx.at } as const;
    await clockEvent(tx, id, ['response'], answered, config.clocks.calendars);
    recalculated = recalculateClocks(store, changed, ADMIN);
    await somebodyWaits(store);
  });
  await recalculated;
  const clock = await store.db
    .selectFrom('clocks')
    .selectAll()
    .where('ticket_id', '=', id)
    .where('kind', '=', 'response')
    .executeTakeFirstOrThrow();
  expect([clock.state, clock.ended_at, clock.duration_ms]).toEqual(['met', time.now, 30 * 60_000]);
  const events = await store.transaction((tx) => clockLog(tx, clock.id));
  expect(events.map(({ event }) => event)).toEqual(['started', 'met']);
});

test('a ticket that is given a command as its clock runs out has its turn after the command, and holds up no other', async () => {
  const { store, time } = await testStore();
  const { id, config } = await dispatchedTicket(store, { clocks: { responseMinutes: 30 } });
  const elsewhere = sampleDetection({ id: newId(), camera: 'wentao-road' });
  const other = await dispatchedTicket(store, { clocks: { responseMinutes: 30 } }, elsewhere);
  time.pass(16 * 60_000);
  const fired = await store.transaction(async (tx) => {
    const ticket = tx.db.selectFrom('tickets').select('id').where('id', '=', id);
    await tx.locked(ticket).execute();
    const meanwhile = await fireDueClocks(store, config, QUIET);
    await clockEvent(tx, id, ['response'], { event: 'met', at: tx.at }, config.clocks.calendars);
    return meanwhile;
  });
  expect(fired).toBe(1);
  expect(await fireDueClocks(store, config, QUIET)).toBe(0);
  const rung = await store.db
    .selectFrom('clock_log')
    .select('ticket_id')
    .where('event', '=', 'rung')
    .execute();
  expect(rung).toEqual([{ ticket_id: other.id }]);
});
