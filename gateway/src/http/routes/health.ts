/** For the service manager and the monitoring. Neither says anything about alerts, so neither needs a login. */

import { wallMs } from '@roadwatch/common';
import { timestamp } from '@roadwatch/contract';
import { Health, LIMITS, WRITTEN } from '@roadwatch/contract/api';
import { sql } from 'kysely';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { agentFigures } from '../../agents/watch.ts';
import { HELD_REASON } from '../../alerts/dedup/rejected-places.ts';
import { REJECTIONS, type Rejection } from '../../broker/rejections.ts';
import { orderFigures } from '../../dispatch/figures.ts';
import type { Committed } from '../../ingest/receive.ts';
import { SENTENCES } from '../../store/trouble.ts';
import { freeBytes } from '../../store/write-health.ts';
import { answerOf, PlainText } from '../answers.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

export interface GatewayFigures {
  readonly brokerConnected: () => boolean;
  /** Whose free room is told, by what lies in them. */
  readonly folders: Readonly<Record<string, string | null>>;
}

/** Of prom-client's own: gauges named as counters, which are there under better names as well. */
const MISNAMED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
] as const;

/** Counts what the inbox commits. */
export interface IngestMetrics {
  committed(batch: readonly Committed[]): void;
}

export function createMetrics(): {
  readonly registry: Registry;
  readonly ingest: IngestMetrics;
  /** Counts what the broker inside the gateway did not let in, and what it ended. */
  readonly rejected: (what: Rejection) => void;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const messages = new Counter({
    name: 'roadwatch_messages_total',
    help: 'Messages from agents by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ['stored', 'refused']) messages.inc({ outcome }, 0);
  const turnedAway = new Counter({
    name: 'roadwatch_messages_turned_away_total',
    help: 'Messages of agents that were over a limit, by which it was',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of LIMITS) turnedAway.inc({ limit }, 0);
  const rejections = new Counter({
    name: 'roadwatch_broker_rejections_total',
    help: 'Logins, publishes and subscriptions of boxes that were refused, and connections that were ended, by what it was',
    labelNames: ['what'],
    registers: [registry],
  });
  for (const what of REJECTIONS) rejections.inc({ what }, 0);
  return {
    registry,
    rejected: (what) => rejections.inc({ what }),
    ingest: {
      committed(batch) {
        for (const { message, outcome } of batch) {
          const { content, times = 1 } = message;
          messages.inc({ outcome: outcome === null ? 'stored' : 'refused' }, times);
          if (content.kind === 'turned-away') turnedAway.inc({ limit: content.limit }, times);
        }
      },
    },
  };
}

export function healthRoutes(
  server: Server,
  { store }: GatewayParts,
  registry: Registry,
  figures: GatewayFigures,
): void {
  const open = new Gauge({
    name: 'roadwatch_open',
    help: 'What waits for somebody',
    labelNames: ['what'],
    registers: [registry],
    collect: whileReadable(
      async () => {
        const { db } = store;
        const count = sql<number>`count(*)`.as('count');
        const alerts = await db
          .selectFrom('alerts')
          .select(count)
          .where('state', '=', 'new')
          .executeTakeFirstOrThrow();
        const held = await db
          .selectFrom('alerts')
          .select(count)
          .where('state', '=', 'shelved')
          .where('reason', '=', HELD_REASON)
          .where('verdict_by', '=', 'system')
          .executeTakeFirstOrThrow();
        const orders = await orderFigures(db);
        open.set({ what: 'alerts' }, Number(alerts.count));
        open.set({ what: 'alerts_held_back' }, Number(held.count));
        open.set({ what: 'dispatches' }, orders.waiting);
        open.set({ what: 'dispatches_overdue' }, orders.overdue);
        open.set({ what: 'dispatches_dead' }, orders.dead);
      },
      () => open.reset(),
    ),
  });
  const seen = new Gauge({
    name: 'roadwatch_agent_last_seen_timestamp_seconds',
    help: 'When something last came from the agent',
    labelNames: ['agent'],
    registers: [registry],
    collect: whileReadable(
      async () => {
        const agents = await agentFigures(store.db);
        seen.reset();
        for (const { agent, lastSeenAt } of agents)
          if (lastSeenAt !== null) seen.set({ agent }, lastSeenAt / 1000);
      },
      () => seen.reset(),
    ),
  });
  const online = new Gauge({
    name: 'roadwatch_agent_online',
    help: '1 while the agent is there as far as anybody can tell',
    labelNames: ['agent'],
    registers: [registry],
    collect: whileReadable(
      async () => {
        const agents = await agentFigures(store.db);
        online.reset();
        for (const { agent, isOnline } of agents) online.set({ agent }, isOnline ? 1 : 0);
      },
      () => online.reset(),
    ),
  });
  new Gauge({
    name: 'roadwatch_broker_connected',
    help: '1 while the gateway is subscribed at the broker',
    registers: [registry],
    collect() {
      this.set(figures.brokerConnected() ? 1 : 0);
    },
  });

  new Gauge({
    name: 'roadwatch_writable',
    help: '0 while nothing can be saved there: the disk is full, or the store is away',
    labelNames: ['what'],
    registers: [registry],
    collect() {
      for (const what of WRITTEN) this.set({ what }, store.health.of(what) === null ? 1 : 0);
    },
  });
  new Gauge({
    name: 'roadwatch_free_bytes',
    help: 'Room that is left on the disk',
    labelNames: ['what'],
    registers: [registry],
    async collect() {
      for (const [what, folder] of Object.entries(figures.folders)) {
        const free = folder === null ? null : await freeBytes(folder);
        if (free !== null) this.set({ what }, free);
      }
    },
  });

  const monitoring = { tags: ['monitoring'] };
  const config = { access: 'public' } as const;
  const health = {
    schema: {
      ...monitoring,
      operationId: 'getHealth',
      summary: 'Whether the gateway works, and what does not',
      response: { 200: Health, 503: Health },
    },
    config,
  };
  server.get('/healthz', health, async (_request, reply) => {
    const read = await sql`select 1`.execute(store.db).then(
      () => true,
      () => false,
    );
    const stored = read && store.health.of('store') === null;
    const broker = figures.brokerConnected();
    const dispatches = stored ? await orderFigures(store.db).catch(() => null) : null;
    const delivers = dispatches !== null && dispatches.overdue + dispatches.dead === 0;
    const troubles = store.health.troubles.map(({ what, code, since }) => ({
      what,
      code,
      detail: SENTENCES[code],
      since: timestamp(wallMs(since)),
    }));
    // Starting this gateway anew would mend no unit's system and bring back no evidence store: those alone are no 503.
    return reply.code(stored && broker ? 200 : 503).send({
      status: stored && broker && delivers && troubles.length === 0 ? 'ok' : 'degraded',
      store: stored,
      broker,
      evidence: store.health.of('evidence') === null,
      dispatches,
      troubles,
    });
  });
  const metrics = {
    schema: {
      ...monitoring,
      operationId: 'getMetrics',
      summary: 'Figures for Prometheus',
      response: { 200: answerOf({ 'text/plain': PlainText }) },
    },
    config,
  };
  server.get('/metrics', metrics, async (_request, reply) => {
    const text = await registry.metrics();
    return reply.type(registry.contentType).serializer(String).send(text);
  });
}

/** What cannot be counted while the store is away is left out; the rest of the metrics, which say so, must not fail with it. */
function whileReadable(count: () => Promise<void>, forget: () => void): () => Promise<void> {
  return () => count().catch(forget);
}
