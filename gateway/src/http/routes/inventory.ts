/** What is out there: units, agents, and the messages that agents sent in vain. */
import { type AgentStatus, TOPIC_PREFIX, timestamp } from '@roadwatch/contract';
import { AgentList, RefusedMessageList, UnitList } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { Type } from 'typebox';
import { agentsWithContact, isOnline, SHARED_MS } from '../../agents/watch.ts';
import { FAR_MS } from '../../calendar/claimed-time.ts';
import type { Tables } from '../../store/tables/index.ts';
import { CITY } from '../access.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const HOUR_MS = 3_600_000;
const RefusedQuery = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }) });

export function fieldRoutes(server: Server, { config: settings, store }: GatewayParts): void {
  const config = { access: CITY, scope: 'alerts:read' as const };
  const city = { tags: ['field'] };

  server.get(
    '/api/units',
    {
      schema: {
        ...city,
        operationId: 'listUnits',
        summary: 'Units that tickets can go to',
        response: { 200: UnitList },
      },
      config,
    },
    async () => {
      const rows = await store.db
        .selectFrom('units')
        .selectAll()
        .where('retired_at', 'is', null)
        .orderBy('id')
        .execute();
      return {
        items: rows.map((row) => ({
          id: row.id,
          name: { en: row.name_en, zh: row.name_zh },
          default: row.id === settings.defaultUnit,
          classes: settings.units.find((unit) => unit.id === row.id)?.classes ?? null,
          hasArea: settings.areas.has(row.id),
        })),
      };
    },
  );

  server.get(
    '/api/agents',
    {
      schema: {
        ...city,
        operationId: 'listAgents',
        summary: 'Agents and what they last said',
        response: { 200: AgentList },
      },
      config,
    },
    async () => {
      const rows = await agentsWithContact(store.db)
        .selectAll('agents')
        .select('agent_contacts.seen_at')
        .orderBy('agents.site')
        .orderBy('agents.agent')
        .execute();
      const now = store.now();
      const limited = await lastLimits(store.db, now);
      return {
        items: rows.map((row) => {
          const status = row.status === null ? null : (JSON.parse(row.status) as AgentStatus);
          return {
            site: row.site,
            agent: row.agent,
            online: isOnline(row),
            lastSeenAt: row.seen_at === null ? null : timestamp(row.seen_at),
            clockAheadSeconds: farOf(row.clock_ahead_ms),
            nameShared: row.shared_at !== null && row.shared_at > now - SHARED_MS,
            registeredAt: timestamp(row.registered_at),
            revokedAt: row.revoked_at === null ? null : timestamp(row.revoked_at),
            limited: limited.get(`${row.site}/${row.agent}`) ?? null,
            status,
          };
        }),
      };
    },
  );

  server.get(
    '/api/refused-messages',
    {
      schema: {
        tags: ['field'],
        operationId: 'listRefusedMessages',
        summary: 'Messages that could not be accepted',
        querystring: RefusedQuery,
        response: { 200: RefusedMessageList },
      },
      config: { access: ['admin', 'shift_lead'] },
    },
    async ({ query }) => {
      const rows = await store.db
        .selectFrom('refused_messages')
        .select(['sha256', 'topic', 'reason', 'bytes', 'first_at', 'last_at', 'count', 'turned_away'])
        .orderBy('last_at', 'desc')
        .limit(query.limit)
        .execute();
      return {
        items: rows.map(({ first_at, last_at, turned_away, ...row }) => ({
          ...row,
          limit: turned_away,
          firstAt: timestamp(first_at),
          lastAt: timestamp(last_at),
        })),
      };
    },
  );
}

/** In seconds, when the agent's clock is so far from ours that people should know; its times are shown as it claims them. */
function farOf(aheadMs: number | null): number | null {
  return aheadMs === null || Math.abs(aheadMs) < FAR_MS ? null : Math.round(aheadMs / 1000);
}

/** By agent, the limit that last turned something of it away, within the last hour. */
async function lastLimits(db: Kysely<Tables>, now: number) {
  const rows = await db
    .selectFrom('refused_messages')
    .select(['topic', 'turned_away', 'reason', 'count', 'last_at'])
    .where('turned_away', 'is not', null)
    .where('last_at', '>', now - HOUR_MS)
    .orderBy('last_at')
    .execute();
  return new Map(
    rows.flatMap(({ topic, turned_away: limit, reason, count, last_at }) =>
      limit === null
        ? []
        : [
            [
              topic.slice(TOPIC_PREFIX.length + 1),
              { limit, reason, count, lastAt: timestamp(last_at) },
            ] as const,
          ],
    ),
  );
}
