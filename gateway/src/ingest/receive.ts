/** Writes what messages say into the store, in one transaction for as many as have come. */

import type { AgentStatus, Reply } from '@roadwatch/contract';
import { type AgentName, formatAgentName } from '../cameras/source.ts';
import { forgetParts, storePart } from '../evidence/parts.ts';
import { recordEvidence } from '../evidence/records.ts';
import type { Tx } from '../store/database.ts';
import { recordContacts } from './contacts.ts';
import { type AlertIntake, storeDetections } from './detections.ts';
import type { Content, Received, Why } from './message.ts';
import { keepRefused, keepTurnedAway } from './refused.ts';
import { checkSignatures } from './signatures.ts';
import { recordCamera, recordStatus } from './states.ts';

const TAKES_ROOM: readonly Content['kind'][] = ['evidence', 'evidence-part', 'detection'];

/** What other rooms make of messages, in the transaction that stores them. */
export interface Receivers extends AlertIntake {
  reply(tx: Tx, from: AgentName, reply: Reply): Promise<void>;
  /** The newest of its box. */
  status(tx: Tx, status: AgentStatus): Promise<void>;
}

/** Null when stored, otherwise what the sender is told. */
export type Outcome = Why | null;

/**
 * Outcomes in the order of the messages. Evidence must be in its store already. Detections are stored together, for one statement
 * costs about the same for one as for many; they do not depend on the other kinds.
 */
export async function receive(
  tx: Tx,
  messages: readonly Received[],
  receivers: Receivers,
): Promise<Outcome[]> {
  const detections = messages.flatMap(({ content, payload, sha256 }, index) =>
    content.kind === 'detection'
      ? [{ index, detection: content.value, text: Buffer.from(payload).toString('utf8'), sha256 }]
      : [],
  );
  const outcomes: Outcome[] = messages.map(() => null);
  const signatures = await checkSignatures(tx, detections);
  detections.forEach(({ index }, at) => {
    outcomes[index] = signatures[at] ?? null;
  });
  const good = detections.filter(({ index }) => outcomes[index] === null);
  const stored = await storeDetections(tx, good, receivers);
  good.forEach(({ index }, at) => {
    outcomes[index] = stored[at] ?? null;
  });
  for (const [index, message] of messages.entries()) {
    if (message.content.kind !== 'detection') outcomes[index] = await store(tx, message, receivers);
    const why = outcomes[index] ?? null;
    if (why !== null && message.content.kind !== 'turned-away')
      await keepRefused(tx, { ...message, reason: why.reason });
  }
  await keepTurnedAway(tx, messages);
  await recordContacts(tx, contactsOf(messages, outcomes));
  return outcomes;
}

/** By agent that has sent something now, what of it takes up room; not of a revoked one, nor what a broker had kept for us. */
function contactsOf(messages: readonly Received[], outcomes: readonly Outcome[]) {
  const heard = new Map<string, { readonly agent: AgentName; readonly bytes: number }>();
  for (const [index, { content, from, payload, old = false, assembled = false }] of messages.entries()) {
    if (from === null || old || (content.kind === 'turned-away' && content.limit === 'revoked')) continue;
    const kept = outcomes[index] === null && !assembled && TAKES_ROOM.includes(content.kind);
    const name = formatAgentName(from);
    heard.set(name, { agent: from, bytes: (heard.get(name)?.bytes ?? 0) + (kept ? payload.length : 0) });
  }
  return heard;
}

async function store(tx: Tx, message: Received, receivers: Receivers): Promise<Outcome> {
  const { content, from, assembled = false } = message;
  // Whatever has become of the file, its parts are not needed any more.
  if (assembled && from !== null) await forgetParts(tx, { ...from, sha256: message.sha256 });
  switch (content.kind) {
    case 'refused':
      return content.why;
    case 'turned-away':
      return { code: `limit_${content.limit}`, reason: content.reason };
    case 'evidence':
      await takeEvidence(tx, message, content.contentType);
      return null;
    case 'evidence-part':
      return from && partOutcome(await storePart(tx, from, content.part, message.payload));
    case 'status':
      if (await recordStatus(tx, content.value, message.old ?? false))
        await receivers.status(tx, content.value);
      return null;
    case 'camera-state':
      await recordCamera(tx, content.value);
      return null;
    case 'reply':
      if (from !== null) await receivers.reply(tx, from, content.value);
      return null;
    default:
      return null;
  }
}

function partOutcome(reason: string | null): Outcome {
  return reason === null ? null : { code: 'part_invalid', reason };
}

async function takeEvidence(tx: Tx, { sha256, payload }: Received, contentType: string): Promise<void> {
  if (!(await recordEvidence(tx, { sha256, contentType, bytes: payload.length }))) return;
  const alerts = await tx.db
    .selectFrom('detection_evidence')
    .innerJoin('detections', 'detections.id', 'detection_evidence.detection_id')
    .innerJoin('alerts', 'alerts.id', 'detections.alert_id')
    .select(['alerts.id', 'alerts.state'])
    .where('detection_evidence.sha256', '=', sha256)
    .limit(10)
    .execute();
  for (const { id, state } of alerts) tx.changed({ kind: 'alert', subject: id, data: { state } });
  const hints = await tx.db
    .selectFrom('scene_hints')
    .select('ticket_id')
    .where('sha256', '=', sha256)
    .limit(10)
    .execute();
  for (const { ticket_id } of hints)
    tx.changed({ kind: 'ticket', subject: ticket_id, data: { sceneHint: 'picture' } });
}

export interface Committed {
  readonly message: Received;
  readonly outcome: Outcome;
}
