/**
 * A history of random faults, and a checker of what must hold after it whatever happened: every acknowledged detection and
 * picture is stored once, alerts count exactly their detections, no assignment is dispatched twice, no clock step fires twice or early, no step reminds twice.
 * ROADWATCH_FAULTS_MINUTES sets how long (10), ROADWATCH_FAULTS_SEED repeats one.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { registerAgent } from '../src/agents/registry.ts';
import { readConfig } from '../src/config/config.ts';
import { folderEvidenceStore } from '../src/evidence/store.ts';
import { saveUser } from '../src/identity/users.ts';
import { openStore } from '../src/main.ts';
import { verifyAudit } from '../src/store/audit/verify.ts';
import type { Store } from '../src/store/database.ts';
import { TestBureau } from '../testing/bureau.ts';
import { EvidenceFolder } from '../testing/evidence-folder.ts';
import { PASSWORD } from '../testing/gateway.ts';
import { TestOperator } from '../testing/operator.ts';
import { startPostgres } from '../testing/postgres.ts';
import { GatewayChild } from '../testing/process.ts';
import { Outbox } from '../testing/stubborn-outbox.ts';

const MINUTES = Number(process.env.ROADWATCH_FAULTS_MINUTES ?? 10);
const SEED = Number(process.env.ROADWATCH_FAULTS_SEED ?? Date.now() % 1_000_000);
const AGENTS = ['edge-1', 'edge-2', 'edge-3'];
const QUIET = pino({ level: 'silent' });

/** mulberry32: small, and the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Operators who confirm what they see, as far as the gateway is there. */
async function confirmSome(url: string, next: () => number): Promise<number> {
  try {
    const operator = await TestOperator.login(url, 'operator', PASSWORD);
    const { items } = (await operator.get('/api/alerts?state=new&limit=20')).body;
    let confirmed = 0;
    for (const { id } of items.filter(() => next() < 0.4)) {
      const answer = await operator.post(`/api/alerts/${id}/confirm`);
      if (answer.status === 200) confirmed++;
    }
    return confirmed;
  } catch {
    return 0;
  }
}

/** Every picture that was acknowledged is there, whole, and so is what the rows promise. */
async function checkPictures(store: Store, dir: string, acked: readonly string[]): Promise<number> {
  const evidence = folderEvidenceStore(dir);
  const rows = await store.db.selectFrom('evidence').select('sha256').execute();
  const names = new Set(rows.map(({ sha256 }) => sha256));
  expect(acked.filter((name) => !names.has(name))).toEqual([]);
  for (const name of names) {
    const file = await evidence.get(name);
    if (file === null) throw new Error(`the picture ${name} is not there`);
    expect(sha256(await buffer(file.open()))).toBe(name);
  }
  return names.size;
}

async function check(
  store: Store,
  outboxes: readonly Outbox[],
  bureau: TestBureau,
  dir: string,
): Promise<object> {
  const isPicture = (id: string): boolean => id.length === 64;
  const all = outboxes.flatMap((outbox) => [...outbox.acked]);
  const acked = all.filter((id) => !isPicture(id));
  const pictures = await checkPictures(store, dir, all.filter(isPicture));
  const stored = await store.db.selectFrom('detections').select(['id', 'alert_id']).execute();
  const ids = new Set(stored.map(({ id }) => id));
  expect(acked.filter((id) => !ids.has(id))).toEqual([]);
  expect(stored).toHaveLength(ids.size);
  const alerts = await store.db.selectFrom('alerts').selectAll().execute();
  const counts = new Map<string | null, number>();
  for (const { alert_id } of stored) counts.set(alert_id, (counts.get(alert_id) ?? 0) + 1);
  expect(alerts.filter(({ id, occurrences }) => counts.get(id) !== occurrences)).toEqual([]);
  const open = alerts.filter(({ open_key }) => open_key !== null).map(({ open_key }) => open_key);
  expect(new Set(open).size).toBe(open.length);

  const dispatches = bureau.orders.filter(({ body }) => body.type === 'ticket.dispatched');
  const byAssignment = Map.groupBy(dispatches, ({ body }) => String(body.data.assignment));
  for (const orders of byAssignment.values()) expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
  const tickets = await store.db.selectFrom('tickets').selectAll().execute();
  expect(new Set(tickets.map(({ alert_id }) => alert_id)).size).toBe(tickets.length);
  const dispatched = tickets.filter(({ dispatched_at }) => dispatched_at !== null);
  expect(byAssignment.size).toBeGreaterThanOrEqual(dispatched.length);
  expect(tickets.filter(({ state }) => state === 'filed')).toEqual([]);

  const steps = await store.db.selectFrom('clock_log').selectAll().where('event', '=', 'rung').execute();
  const fired = steps.map(({ clock_id, ticket_id, at, data }) => ({
    clock_id,
    ticket_id,
    at,
    ...(JSON.parse(data) as { percent: number; noticedAt: number }),
  }));
  expect(new Set(fired.map(({ clock_id, percent }) => `${clock_id} ${percent}`)).size).toBe(fired.length);
  expect(fired.filter(({ at, noticedAt }) => noticedAt < at)).toEqual([]);
  const reminders = bureau.orders.filter(({ body }) => body.type === 'ticket.reminder');
  for (const [ticket, orders] of Map.groupBy(reminders, ({ body }) => String(body.data.ticket.id)))
    expect(new Set(orders.map(({ id }) => id)).size).toBeLessThanOrEqual(
      fired.filter(({ ticket_id }) => ticket_id === ticket).length,
    );
  expect(bureau.orders.filter(({ genuine }) => !genuine)).toEqual([]);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
  return {
    acked: acked.length,
    pictures,
    alerts: alerts.length,
    tickets: tickets.length,
    steps: fired.length,
    calls: bureau.orders.length,
    reminded: new Set(reminders.map(({ id }) => id)).size,
  };
}

test.each(['sqlite', 'postgres'] as const)(
  `nothing is lost or doubled, whatever dies (%s, seed ${SEED})`,
  async (kind) => {
    const next = random(SEED);
    const bureau = await TestBureau.start();
    const server = kind === 'postgres' ? await startPostgres() : null;
    if (server !== null) onTestFinished(() => server.stop());
    const folder = mkdtempSync(join(tmpdir(), 'roadwatch-faults-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const pictures = new EvidenceFolder(join(folder, 'evidence'));
    const [http, mqtt] = [await freePort(), await freePort()];
    const file = join(folder, 'gateway.yaml');
    const sections = {
      dataDir: 'data',
      evidence: { dir: pictures.path },
      http: { port: http },
      broker: { port: mqtt },
      units: [bureau.unit],
      dispatch: { recallSeconds: 1 },
      clocks: { responseMinutes: 0.2, sceneLookMinutes: 0.1 },
      ...(server === null ? {} : { store: { url: await server.create('faults') } }),
    };
    writeFileSync(file, JSON.stringify(sections));
    const open = () => openStore(readConfig(file), QUIET);
    const setUp = await open();
    const passwords = await Promise.all(
      AGENTS.map((agent) => registerAgent(setUp, { site: 'binjiang', agent })),
    );
    const actor = { name: 'system', channel: 'cli' };
    await saveUser(
      setUp,
      { username: 'operator', password: PASSWORD, role: 'operator', unitId: null },
      actor,
    );
    await setUp.close();

    const gateway = new GatewayChild(file);
    await gateway.start();
    onTestFinished(() => gateway.end('SIGKILL'));
    const url = `http://127.0.0.1:${http}/`;
    const outboxes = AGENTS.map(
      (name, index) => new Outbox(`mqtt://127.0.0.1:${mqtt}`, name, passwords[index] as string, next),
    );
    onTestFinished(async () => {
      for (const outbox of outboxes) await outbox.end();
    });
    const until = Date.now() + MINUTES * 60_000;
    const faults = {
      killed: 0,
      terminated: 0,
      storeCrashed: 0,
      evidenceAway: 0,
      bureauFailed: 0,
      confirmed: 0,
    };
    while (Date.now() < until) {
      for (const outbox of outboxes) {
        for (let n = Math.floor(next() * 30); n > 0; n--) outbox.add();
        outbox.flush();
      }
      bureau.answer = next() < 0.3 ? { status: 503 } : { status: 200 };
      if (bureau.answer.status === 503) faults.bureauFailed++;
      faults.confirmed += await confirmSome(url, next);
      await delay(next() * 1500);
      const dice = next();
      if (dice < 0.12) {
        faults.killed++;
        await gateway.end('SIGKILL');
        await gateway.start();
      } else if (dice < 0.16) {
        faults.terminated++;
        await gateway.end('SIGTERM');
        await gateway.start();
      } else if (dice < 0.22 && server !== null) {
        faults.storeCrashed++;
        await server.crash();
      }
      if (pictures.away) pictures.giveBack();
      else if (next() < 0.15) {
        faults.evidenceAway++;
        pictures.take();
      }
    }
    if (pictures.away) pictures.giveBack();
    bureau.answer = { status: 200 };
    const store = await open();
    onTestFinished(() => store.close());
    // Everything that waits comes through once nothing fails any more.
    for (;;) {
      const orders = store.db.selectFrom('dispatch_outbox').select('id').where('state', '=', 'pending');
      const idle = outboxes.every(({ waiting }) => waiting.size === 0);
      if (idle && (await orders.limit(1).execute()).length === 0) break;
      for (const outbox of outboxes) outbox.flush();
      await delay(1000);
    }
    expect(outboxes.flatMap(({ refused }) => refused)).toEqual([]);
    console.log(kind, SEED, faults, await check(store, outboxes, bureau, pictures.path));
  },
);
