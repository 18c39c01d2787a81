/** A message as it came from the broker, and what it turns out to be. Nothing here touches the store. */

import {
  type AgentStatus,
  agentTopics,
  type CameraState,
  type Detection,
  type EvidencePart,
  MAX_DETECTION_BYTES,
  MAX_EVIDENCE_BYTES,
  MIN_PART_BYTES,
  type Parsed,
  type ParsedTopic,
  type Position,
  parseAgentStatus,
  parseCameraState,
  parseDetection,
  parseReply,
  parseTopic,
  type Reply,
  sha256,
  toWgs84,
} from '@roadwatch/contract';
import type { Limit } from '@roadwatch/contract/api';
import type { MessageCode } from '@roadwatch/contract/codes';
import type { Message } from '../broker/message.ts';
import { contentTypeOf } from '../evidence/store.ts';

interface From {
  readonly site: string;
  readonly agent: string;
}
/** Why a message is not accepted. */
export interface Why {
  readonly code: MessageCode;
  readonly reason: string;
}
export type Content =
  | { readonly kind: 'detection'; readonly value: Detection }
  | { readonly kind: 'evidence'; readonly contentType: string }
  /** Some bytes of a file, whose own topic is `file`. */
  | { readonly kind: 'evidence-part'; readonly part: EvidencePart; readonly file: string }
  | { readonly kind: 'status'; readonly value: AgentStatus }
  | { readonly kind: 'camera-state'; readonly value: CameraState }
  | { readonly kind: 'reply'; readonly value: Reply }
  | { readonly kind: 'refused'; readonly why: Why }
  /** Refused for who sent it or how much, whatever it says: counted with the others like it, and not kept. */
  | { readonly kind: 'turned-away'; readonly limit: Limit; readonly reason: string };

export type Received = Message & {
  readonly sha256: string;
  /** How many messages it stands for; left out: itself. */
  readonly times?: number;
  /** It was put together here from parts, whose bytes have been counted already. */
  readonly assembled?: boolean;
  /** Null when not even the topic says who sent it. */
  readonly from: From | null;
  readonly content: Content;
};

export function readMessage(message: Message): Received {
  const topic = parseTopic(message.topic);
  return {
    ...message,
    sha256: sha256(message.payload),
    from: topic === null ? null : { site: topic.site, agent: topic.agent },
    content:
      topic === null ? refused('topic_unknown', 'not a topic of this gateway') : read(topic, message.payload),
  };
}

function read(topic: ParsedTopic, payload: Uint8Array): Content {
  if (topic.kind === 'evidence') return readEvidence(payload);
  if (topic.kind === 'evidence-part') return readPart(topic, payload);
  if (payload.length > MAX_DETECTION_BYTES) return tooLarge(payload, MAX_DETECTION_BYTES);
  switch (topic.kind) {
    case 'detection':
      return own(topic, parseDetection(payload), (value) => ({ kind: 'detection', value: inWgs84(value) }));
    case 'status':
      return own(topic, parseAgentStatus(payload), (value) => ({ kind: 'status', value }));
    case 'camera-state':
      return own(topic, parseCameraState(payload), (value) => ({
        kind: 'camera-state',
        value: inWgs84(value),
      }));
    case 'reply': {
      const reply = parseReply(payload);
      return reply.ok ? { kind: 'reply', value: reply.value } : refused(reply.code, reply.reason);
    }
    default:
      return refused('topic_not_for_agents', 'agents do not publish there');
  }
}

/** The store knows one datum; what was sent is kept as it came beside it. */
function inWgs84<T extends { readonly position?: Position | undefined }>(value: T): T {
  return value.position === undefined ? value : { ...value, position: toWgs84(value.position) };
}

/** A message that names its sender must name the one whose topic it came on. */
function own<T extends From & { readonly camera?: unknown }>(
  topic: From & { readonly camera?: string },
  parsed: Parsed<T>,
  content: (value: T) => Content,
): Content {
  if (!parsed.ok) return refused(parsed.code, parsed.reason);
  const { value } = parsed;
  const fields =
    topic.camera === undefined ? (['site', 'agent'] as const) : (['site', 'agent', 'camera'] as const);
  const wrong = fields.find((field) => value[field] !== topic[field]);
  if (wrong === undefined) return content(value);
  return refused(
    'sender_mismatch',
    `${wrong}: ${JSON.stringify(value[wrong])} is not that of the topic, ${JSON.stringify(topic[wrong])}`,
  );
}

function readEvidence(payload: Uint8Array): Content {
  if (payload.length > MAX_EVIDENCE_BYTES) return tooLarge(payload, MAX_EVIDENCE_BYTES);
  const contentType = contentTypeOf(payload);
  return contentType === null
    ? refused('not_a_picture', 'neither a JPEG picture nor an MP4 clip')
    : { kind: 'evidence', contentType };
}

function readPart(
  { site, agent, camera, owner, name, part }: Extract<ParsedTopic, { kind: 'evidence-part' }>,
  { length }: Uint8Array,
): Content {
  const end = part.start + length;
  if (end > part.total)
    return refused('part_invalid', `the part ends at ${end}, behind the ${part.total} bytes of its file`);
  if (length === 0 || (length < MIN_PART_BYTES && end < part.total))
    return refused(
      'part_invalid',
      `${length} bytes, a part has at least ${MIN_PART_BYTES} unless it ends its file`,
    );
  const file = agentTopics(site, agent).evidence(camera, owner, name);
  return { kind: 'evidence-part', part, file };
}

function tooLarge(payload: Uint8Array, limit: number): Content {
  return refused('message_too_large', `${payload.length} bytes, at most ${limit} are allowed`);
}

function refused(code: MessageCode, reason: string): Content {
  return { kind: 'refused', why: { code, reason } };
}
