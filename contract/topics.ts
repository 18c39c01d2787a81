/** The MQTT topics, built and read in one place. `roadwatch/v1/{site}/{agent}/...` */
import { Value } from 'typebox/value';
import { EvidenceName } from './evidence.ts';
import { Id, Slug } from './ids.ts';

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
  if (head !== 'cameras' || !Value.Check(Slug, second) || extra.length > 0) return null;
  const camera = second;
  if (rest.length === 3 && third === 'state') return { ...from, kind: 'camera-state', camera };
  if (rest.length === 3 && third === 'detections') return { ...from, kind: 'detection', camera };
  if (third === 'evidence' && Value.Check(Id, owner) && Value.Check(EvidenceName, name)) {
    return { ...from, kind: 'evidence', camera, owner, name };
  }
  return null;
}
