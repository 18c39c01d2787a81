/** Messages that could not be accepted: kept with the reason, counted, and shown to the admin. */

import { sha256, TOPIC_PREFIX } from '@roadwatch/contract';
import type { Limit } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { formatAgentName } from '../cameras/source.ts';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import type { Received } from './message.ts';

const KEPT_PAYLOAD_BYTES = 16 * 1024;
const KEPT_MESSAGES = 10_000;
const MAX_TOPIC = 1000;
const MAX_REASON = 1000;

export interface RefusedMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly sha256: string;
  readonly reason: string;
}

/** Keeps the message; the same one again only counts. Of very many, the oldest make room. */
export async function keepRefused(tx: Tx, message: RefusedMessage): Promise<void> {
  await tx.db
    .insertInto('refused_messages')
    .values({
      sha256: message.sha256,
      topic: storable(message.topic).slice(0, MAX_TOPIC).toWellFormed(),
      reason: storable(message.reason).slice(0, MAX_REASON).toWellFormed(),
      payload: Buffer.from(message.payload.subarray(0, KEPT_PAYLOAD_BYTES)).toString('base64'),
      bytes: message.payload.length,
      first_at: tx.at,
      last_at: tx.at,
      count: 1,
      turned_away: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['sha256', 'topic'])
        .doUpdateSet((row) => ({ last_at: tx.at, count: row('refused_messages.count', '+', 1) })),
    )
    .execute();
  tx.changed({ kind: 'refused-message', subject: message.sha256, data: { topic: storable(message.topic) } });
}

/** What was turned away is only counted: one row for each agent and limit, under the agent's prefix. */
export async function keepTurnedAway(tx: Tx, messages: readonly Received[]): Promise<void> {
  const rows = new Map<string, TurnedAway>();
  for (const { content, from, payload, times = 1 } of messages) {
    if (content.kind !== 'turned-away' || from === null) continue;
    const topic = `${TOPIC_PREFIX}/${formatAgentName(from)}`;
    const key = sha256(`${topic} ${content.limit}`);
    const row = rows.get(key) ?? { topic, ...content, count: 0, bytes: 0 };
    rows.set(key, { ...row, count: row.count + times, bytes: row.bytes + payload.length });
  }
  for (const [key, { topic, limit, reason, count, bytes }] of rows) {
    await tx.db
      .insertInto('refused_messages')
      .values({
        ...{ sha256: key, topic, reason, payload: '', bytes, count, turned_away: limit },
        ...{ first_at: tx.at, last_at: tx.at },
      })
      .onConflict((conflict) =>
        conflict.columns(['sha256', 'topic']).doUpdateSet((row) => ({
          reason,
          last_at: tx.at,
          count: row('refused_messages.count', '+', count),
          bytes: row('refused_messages.bytes', '+', bytes),
        })),
      )
      .execute();
    tx.changed({ kind: 'refused-message', subject: key, data: { topic } });
  }
}

interface TurnedAway {
  readonly topic: string;
  readonly limit: Limit;
  readonly reason: string;
  readonly count: number;
  readonly bytes: number;
}

/** PostgreSQL has no U+0000; a broker may let it through, although MQTT forbids it (MQTT-1.5.3-2). */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}

export type RefusedName = Pick<RefusedMessage, 'sha256' | 'topic'>;

/** Returns what it was. Throws Refusal when there is none. */
export async function forgetRefused(
  tx: Tx,
  { sha256: name, topic }: RefusedName,
): Promise<{ readonly reason: string; readonly count: number }> {
  const gone = await tx.db
    .deleteFrom('refused_messages')
    .where('sha256', '=', name)
    .where('topic', '=', topic)
    .returning(['reason', 'count'])
    .executeTakeFirst();
  if (gone === undefined) throw unknown(name);
  tx.changed({ kind: 'refused-message', subject: name, data: { topic } });
  return { reason: gone.reason, count: Number(gone.count) };
}

/** All that it said. Throws Refusal when there is none, or not all of it was kept. */
export async function refusedPayload(
  db: Kysely<Tables>,
  { sha256: name, topic }: RefusedName,
): Promise<Buffer> {
  const row = await db
    .selectFrom('refused_messages')
    .select(['payload', 'bytes'])
    .where('sha256', '=', name)
    .where('topic', '=', topic)
    .executeTakeFirst();
  if (row === undefined) throw unknown(name);
  const payload = Buffer.from(row.payload, 'base64');
  if (payload.length === Number(row.bytes)) return payload;
  throw new Refusal('refused_message_cut', `${payload.length} bytes of ${row.bytes} were kept`);
}

function unknown(name: string): Refusal {
  return new Refusal('refused_message_unknown', `there is no refused message ${name}`);
}

/** Makes room; called now and then rather than with each message. */
export async function trimRefused(tx: Tx): Promise<void> {
  const oldestKept = await tx.db
    .selectFrom('refused_messages')
    .select('last_at')
    .orderBy('last_at', 'desc')
    .offset(KEPT_MESSAGES)
    .limit(1)
    .executeTakeFirst();
  if (oldestKept === undefined) return;
  await tx.db.deleteFrom('refused_messages').where('last_at', '<=', oldestKept.last_at).execute();
}
