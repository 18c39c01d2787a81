/** Messages that could not be accepted: kept with the reason, counted, and shown to the admin. */
import type { Tx } from '../store/database.ts';

const KEPT_PAYLOAD_BYTES = 64 * 1024;
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
    })
    .onConflict((conflict) =>
      conflict
        .columns(['sha256', 'topic'])
        .doUpdateSet((row) => ({ last_at: tx.at, count: row('refused_messages.count', '+', 1) })),
    )
    .execute();
  tx.changed({ kind: 'refused-message', subject: message.sha256, data: { topic: storable(message.topic) } });
}

/** PostgreSQL has no U+0000; a broker may let it through, although MQTT forbids it (MQTT-1.5.3-2). */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
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
