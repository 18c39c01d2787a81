/** The gateway's acknowledgements: one message for each agent that some committed messages came from. */
import { type Ack, agentTopics, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import type { AgentName } from '../cameras/source.ts';
import { PASSING } from './limits.ts';
import type { Received, Why } from './message.ts';
import type { Committed } from './receive.ts';

const MAX_NAMES = 1000;

export interface Answer {
  readonly agent: AgentName;
  readonly topic: string;
  readonly ack: Ack;
}

/** `now`: in milliseconds since 1970. */
export function answersTo(batch: readonly Committed[], now: number): Answer[] {
  const byTopic = new Map<string, { readonly agent: AgentName; readonly entries: Committed[] }>();
  for (const entry of batch) {
    const agent = entry.message.from;
    if (agent === null) continue;
    const topic = agentTopics(agent.site, agent.agent).ack;
    const known = byTopic.get(topic);
    if (known === undefined) byTopic.set(topic, { agent, entries: [entry] });
    else known.entries.push(entry);
  }
  const answers: Answer[] = [];
  for (const [topic, { agent, entries }] of byTopic)
    for (let at = 0; at < entries.length; at += MAX_NAMES)
      answers.push({ agent, topic, ack: ackOf(entries.slice(at, at + MAX_NAMES), now) });
  return answers;
}

function ackOf(entries: readonly Committed[], now: number): Ack {
  const later = entries.map(({ message }) => passing(message)).find((why) => why !== null) ?? null;
  return {
    v: WIRE_VERSION,
    at: timestamp(now),
    stored: entries.filter((entry) => entry.outcome === null).map((entry) => entry.message.sha256),
    refused: entries.flatMap(({ message, outcome }) =>
      outcome === null || passing(message) !== null
        ? []
        : [{ sha256: message.sha256, reason: outcome.reason.slice(0, 1000), code: outcome.code }],
    ),
    ...(later === null ? {} : { later: later.reason, laterCode: later.code }),
  };
}

/** Why a message was turned away for now; null when it was not, or for good. */
function passing({ content }: Received): Why | null {
  if (content.kind !== 'turned-away' || !PASSING.includes(content.limit)) return null;
  return { code: `limit_${content.limit}`, reason: content.reason };
}
