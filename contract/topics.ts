/** The MQTT topics, built and read in one place. `roadwatch/v1/{site}/{agent}/...` */
import { Value } from 'typebox/value';
import { EvidenceName, MAX_EVIDENCE_BYTES } from './evidence.ts';
import { Id, Sha256, Slug } from './ids.ts';

export const TOPIC_PREFIX = 'roadwatch/v1';

export interface AgentTopics {
  readonly status: string;
  readonly ack: string;
  /** What the agent subscribes to for its commands. */
  readonly commands: string;
  cameraState(camera: string): string;
  detections(camera: string): string;
  /** `owner` is the id of the detection, or of the command that asked for the picture. */
  evidence(camera: string, owner: string, name: string): string;
  command(id: string): string;
  reply(id: string): string;
}

/** Of a file that comes in parts: which bytes of which file a message holds. */
export interface EvidencePart {
  /** Of the whole file. */
  readonly sha256: string;
  /** Where the part begins, in bytes. */
  readonly start: number;
  /** Size of the whole file in bytes. */
  readonly total: number;
}

/** The topic of a part of the file whose own topic is `evidence`. */
export function partTopic(evidence: string, { sha256, start, total }: EvidencePart): string {
  return `${evidence}/${sha256}/${start}/${total}`;
}

export function agentTopics(site: string, agent: string): AgentTopics {
  const base = `${TOPIC_PREFIX}/${site}/${agent}`;
  return {
    status: `${base}/status`,
    ack: `${base}/ack`,
    commands: `${base}/commands/+`,
    cameraState: (camera) => `${base}/cameras/${camera}/state`,
    detections: (camera) => `${base}/cameras/${camera}/detections`,
    evidence: (camera, owner, name) => `${base}/cameras/${camera}/evidence/${owner}/${name}`,
    command: (id) => `${base}/commands/${id}`,
    reply: (id) => `${base}/replies/${id}`,
  };
}

/** What agents retain. */
export const RETAINED_SUBSCRIPTIONS = [
  `${TOPIC_PREFIX}/+/+/status`,
  `${TOPIC_PREFIX}/+/+/cameras/+/state`,
] as const;

/** What a gateway subscribes to: everything that agents send, and nothing that gateways send. */
export const GATEWAY_SUBSCRIPTIONS = [
  ...RETAINED_SUBSCRIPTIONS,
  `${TOPIC_PREFIX}/+/+/cameras/+/detections`,
  `${TOPIC_PREFIX}/+/+/cameras/+/evidence/+/+`,
  `${TOPIC_PREFIX}/+/+/cameras/+/evidence/+/+/+/+/+`,
  `${TOPIC_PREFIX}/+/+/replies/+`,
] as const;

interface From {
  readonly site: string;
  readonly agent: string;
}
export type ParsedTopic =
  | (From & { readonly kind: 'status' | 'ack' })
  | (From & { readonly kind: 'camera-state' | 'detection'; readonly camera: string })
  | (From & {
      readonly kind: 'evidence';
      readonly camera: string;
      readonly owner: string;
      readonly name: string;
    })
  | (From & {
      readonly kind: 'evidence-part';
      readonly camera: string;
      readonly owner: string;
      readonly name: string;
      readonly part: EvidencePart;
    })
  | (From & { readonly kind: 'command' | 'reply'; readonly id: string });

/** Reads a topic; null for one that is not Roadwatch's or whose names are not well formed. */
export function parseTopic(topic: string): ParsedTopic | null {
  if (!topic.startsWith(`${TOPIC_PREFIX}/`)) return null;
  const [site, agent, ...rest] = topic.slice(TOPIC_PREFIX.length + 1).split('/');
  if (!Value.Check(Slug, site) || !Value.Check(Slug, agent)) return null;
  const from = { site, agent };
  const [head, second, third, owner, name, ...extra] = rest;
  if (rest.length === 1 && (head === 'status' || head === 'ack')) return { ...from, kind: head };
  if (rest.length === 2 && Value.Check(Id, second)) {
    if (head === 'commands') return { ...from, kind: 'command', id: second };
    if (head === 'replies') return { ...from, kind: 'reply', id: second };
  }
  if (head !== 'cameras' || !Value.Check(Slug, second)) return null;
  const camera = second;
  if (rest.length === 3 && third === 'state') return { ...from, kind: 'camera-state', camera };
  if (rest.length === 3 && third === 'detections') return { ...from, kind: 'detection', camera };
  if (third === 'evidence' && Value.Check(Id, owner) && Value.Check(EvidenceName, name)) {
    const file = { ...from, camera, owner, name };
    if (extra.length === 0) return { ...file, kind: 'evidence' };
    const part = parsePart(extra);
    return part === null ? null : { ...file, kind: 'evidence-part', part };
  }
  return null;
}

/** `{sha256}/{start}/{total}`; null when the part would begin behind the end, or the file be larger than evidence may be. */
function parsePart([sha256, from, of, ...extra]: readonly string[]): EvidencePart | null {
  if (!Value.Check(Sha256, sha256) || extra.length > 0) return null;
  const [start, total] = [wholeNumber(from), wholeNumber(of)];
  if (start === null || total === null || start >= total || total > MAX_EVIDENCE_BYTES) return null;
  return { sha256, start, total };
}

function wholeNumber(text = ''): number | null {
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null;
}
