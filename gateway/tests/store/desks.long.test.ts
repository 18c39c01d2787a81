/** Two gateways on one PostgreSQL: no alert is before two desks, no command is carried out twice, and nobody waits for a deadlock. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@roadwatch/contract';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { rejectAlert } from '../../src/alerts/verdicts.ts';
import { once } from '../../src/idempotency/once.ts';
import { endLeases, handNext, renew } from '../../src/queue/desk.ts';
import { WHOLE_QUEUE } from '../../src/queue/on-the-map.ts';
import { Refusal } from '../../src/refusal.ts';
import { Store } from '../../src/store/database.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { startPostgres } from '../../testing/postgres.ts';
import { alertOf } from '../../testing/ticket.ts';

const LEASE_MS = 60_000;
const ALERTS = 60;
const DESKS = ['ann', 'bo', 'cai', 'dan', 'eve', 'fei'];

async function gatewaysOfOneStore(): Promise<() => Promise<Store>> {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const url = await server.create('desks');
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-desks-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  return async () => {
    const store = await Store.open({ dataDir, url });
    onTestFinished(() => store.close());
    return store;
  };
}

test('desks at both judge each alert once, pulling the next while they judge', async () => {
  const open = await gatewaysOfOneStore();
  const [one, other] = [await open(), await open()];
  const { alerts } = testConfig();
  for (let n = 0; n < ALERTS; n++)
    await alertOf(one, alerts, sampleDetection({ id: newId(), camera: `c-${n}` }));
  const judged: string[] = [];
  const work = async (name: string): Promise<void> => {
    const desk = { id: name, holder: `user:${name}`, session: null };
    let { ids } = await handNext(one, desk, { holding: [] }, WHOLE_QUEUE, LEASE_MS);
    for (let [current, ...ahead] = ids; current !== undefined; [current, ...ahead] = ids) {
      const [next] = await Promise.all([
        handNext(other, desk, { holding: ahead }, WHOLE_QUEUE, LEASE_MS),
        rejectAlert(one, current, { reason: 'marking' }, { name: desk.holder, channel: 'console' }),
        renew(other, desk, ids, LEASE_MS),
        endLeases(one),
      ]);
      judged.push(current);
      ids = next.ids.filter((id) => id !== current);
      if (ids.length === 0) ({ ids } = await handNext(one, desk, { holding: [] }, WHOLE_QUEUE, LEASE_MS));
    }
  };
  await Promise.all(DESKS.map(work));
  expect(judged.toSorted()).toEqual([...new Set(judged)].sort());
  expect(judged.length).toBe(ALERTS);
  expect(await one.db.selectFrom('alert_leases').selectAll().execute()).toEqual([]);
  // The server counts what a connection has met when that ends.
  await Promise.all([one.close(), other.close()]);
  const third = await open();
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks from pg_stat_database where datname = current_database()`.execute(third.db);
  expect(rows).toEqual([{ deadlocks: 0 }]);
});

test('a command that is sent to both at the same moment is carried out by one of them', async () => {
  const open = await gatewaysOfOneStore();
  const gateways = [await open(), await open()];
  for (let n = 0; n < 20; n++) {
    const asked = { by: 'user:ann', key: newId(), request: 'confirm' };
    let done = 0;
    const answers = await Promise.allSettled(
      gateways.map((store) =>
        once(store, asked, async (tx) => {
          // Of the transaction itself, so that one that is given up leaves nothing.
          await sql`select pg_sleep(0.01)`.execute(tx.db);
          done += 1;
          return { answer: n };
        }),
      ),
    );
    expect(done).toBe(1);
    for (const answer of answers)
      if (answer.status === 'fulfilled') expect(answer.value).toEqual({ answer: n });
      else expect(answer.reason).toBeInstanceOf(Refusal);
  }
});
