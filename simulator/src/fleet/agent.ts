/** One simulated agent on the wire: connects, says how it is, and keeps each message until the gateway has answered for it. */
import type { Socket } from 'node:net';
import {
  type AgentStatus,
  type AgentTopics,
  agentTopics,
  type CameraState,
  type Detection,
  newId,
  parseAck,
  sha256,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import mqtt, { type MqttClient } from 'mqtt';
import { type EvidenceTemplate, evidenceFor } from './evidence.ts';
import type { Tally } from './tally.ts';

export interface FleetLogin {
  readonly site: string;
  readonly agent: string;
  readonly username?: string;
  readonly password?: string;
}

interface Pending {
  readonly topic: string;
  readonly payload: Buffer;
  /** `performance.now()` when the alert began; null for evidence, which is part of one. */
  readonly alertBegan: number | null;
  /** `performance.now()`; null until it has left for the first time. */
  sentAt: number | null;
}

const CAMERA = 'camera-1';
const REPEAT_AFTER_MS = 30_000;
/** Remembered so that a second answer can be told from a stranger's. */
const MAX_ANSWERED = 2000;
const MODEL = { name: 'simulated', version: '1', sha256: sha256('simulated') };
const FRAME = { width: 1920, height: 1080 };

export class FleetAgent {
  readonly #login: FleetLogin;
  readonly #topics: AgentTopics;
  readonly #tally: Tally;
  readonly #bootId = newId();
  readonly #startedAt = timestamp(Date.now());
  readonly #pending = new Map<string, Pending>();
  readonly #answered = new Set<string>();
  #client: MqttClient | null = null;
  #place = 0;

  constructor(login: FleetLogin, tally: Tally) {
    this.#login = login;
    this.#tally = tally;
    this.#topics = agentTopics(login.site, login.agent);
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Resolves once connected and subscribed. Rejects when it is not let in. */
  async connect(url: string, signal: AbortSignal): Promise<void> {
    const { site, agent, username, password } = this.#login;
    const began = performance.now();
    const client = mqtt.connect(url, {
      clientId: `${site}/${agent}`,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      clean: false,
      resubscribe: false,
      reconnectPeriod: 1000 + Math.random() * 2000,
      connectTimeout: 30_000,
      will: { topic: this.#topics.status, payload: this.#status('offline'), qos: 1, retain: true },
    });
    this.#client = client;
    client.on('message', (_, payload) => this.#onAck(payload));
    const first = Promise.withResolvers<void>();
    client.on('error', (error) => first.reject(new Error(`${site}/${agent}: ${error.message}`)));
    client.on('connect', () => {
      // As an agent does.
      (client.stream as Partial<Socket>).setNoDelay?.(true);
      this.#tally.connections++;
      this.#onConnect(client).then(() => {
        this.#tally.connectMs.push(performance.now() - began);
        first.resolve();
      }, first.reject);
    });
    const abort = (): void => first.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    await first.promise.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Cuts the line as a network does; the client comes back by itself. */
  cut(): void {
    this.#client?.stream?.destroy();
  }

  /** Publishes a new alert: its evidence, then the detection that names it. Without a line it waits for one. */
  raise(templates: readonly EvidenceTemplate[]): void {
    const began = performance.now();
    const now = Date.now();
    const id = newId();
    const evidence = templates.map((template) => evidenceFor(template, id, now));
    for (const { ref, payload } of evidence) {
      this.#send(this.#topics.evidence(CAMERA, id, ref.name), payload, null);
    }
    const detection = this.#detection(id, now);
    const body = { ...detection, evidence: evidence.map(({ ref }) => ref) };
    this.#send(this.#topics.detections(CAMERA), Buffer.from(JSON.stringify(body)), began);
    this.#tally.alerts++;
  }

  /** Says again what has waited too long for its answer. */
  repeatOverdue(): void {
    const overdue = performance.now() - REPEAT_AFTER_MS;
    for (const message of this.#pending.values()) {
      if (message.sentAt !== null && message.sentAt < overdue) this.#publish(message);
    }
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    if (client.connected) {
      const said = client.publishAsync(this.#topics.status, this.#status('offline'), {
        qos: 1,
        retain: true,
      });
      const tooLong = new Promise((resolve) => setTimeout(resolve, 2000).unref());
      await Promise.race([said.catch(() => {}), tooLong]);
    }
    await client.endAsync(true).catch(() => {});
  }

  async #onConnect(client: MqttClient): Promise<void> {
    await client.subscribeAsync([this.#topics.ack, this.#topics.commands], { qos: 1 });
    const retained = { qos: 1, retain: true } as const;
    await client.publishAsync(this.#topics.status, this.#status('online'), retained);
    await client.publishAsync(this.#topics.cameraState(CAMERA), this.#cameraState(), retained);
    for (const message of this.#pending.values()) this.#publish(message);
  }

  #send(topic: string, payload: Buffer, alertBegan: number | null): void {
    const message: Pending = { topic, payload, alertBegan, sentAt: null };
    this.#pending.set(sha256(payload), message);
    this.#publish(message);
  }

  #publish(message: Pending): void {
    const client = this.#client;
    if (!client?.connected) return;
    if (message.sentAt === null) this.#tally.messagesSent++;
    else this.#tally.messagesRepeated++;
    message.sentAt = performance.now();
    this.#tally.bytesSent += message.payload.length;
    client.publish(message.topic, message.payload, { qos: 1 }, () => {});
  }

  #onAck(payload: Buffer): void {
    const ack = parseAck(payload);
    if (!ack.ok) return;
    for (const name of ack.value.stored) {
      const alertBegan = this.#answer(name)?.alertBegan ?? null;
      if (alertBegan !== null) this.#tally.alertMs.push(performance.now() - alertBegan);
    }
    for (const { sha256: name, reason } of ack.value.refused) {
      if (this.#answer(name) !== null) this.#tally.refuse(reason);
    }
  }

  /** The message that is answered for; null when it was before. */
  #answer(name: string): Pending | null {
    const message = this.#pending.get(name);
    if (message === undefined) {
      if (this.#answered.has(name)) this.#tally.doubled++;
      return null;
    }
    this.#pending.delete(name);
    this.#answered.add(name);
    if (this.#answered.size > MAX_ANSWERED)
      this.#answered.delete(this.#answered.values().next().value as string);
    this.#tally.acknowledged++;
    return message;
  }

  #status(state: AgentStatus['state']): string {
    const { site, agent } = this.#login;
    const status: AgentStatus = {
      ...{ v: WIRE_VERSION, site, agent, state, bootId: this.#bootId, at: timestamp(Date.now()) },
      ...{ startedAt: this.#startedAt, version: 'simulated', model: MODEL },
      ...{ cameras: 1, outboxDepth: this.#pending.size },
    };
    return JSON.stringify(status);
  }

  #cameraState(): string {
    const { site, agent } = this.#login;
    const at = timestamp(Date.now());
    const state: CameraState = {
      ...{
        v: WIRE_VERSION,
        site,
        agent,
        camera: CAMERA,
        name: { en: `Camera of ${agent}`, zh: `${agent} 摄像机` },
      },
      ...{ state: 'streaming', since: this.#startedAt, at, lastFrameAt: at, lastFrameAgeMs: 0 },
      ...{ fps: 12.5, drops: 0, ...FRAME },
    };
    return JSON.stringify(state);
  }

  /** Each at a place of its own, so that no two are the same damage. */
  #detection(id: string, nowMs: number): Detection {
    const { site, agent } = this.#login;
    const place = this.#place++;
    const at = timestamp(nowMs);
    return {
      ...{ v: WIRE_VERSION, id, revision: 1, event: 'opened', site, agent, camera: CAMERA },
      ...{ damageClass: 'pothole', score: 0.8, frame: FRAME, model: MODEL, evidence: [] },
      box: [0.02 + 0.096 * (place % 10), 0.4 + 0.055 * (Math.floor(place / 10) % 10), 0.06, 0.04],
      ...{ firstSeenAt: at, verifiedAt: at, lastSeenAt: at, capturedAt: at, publishedAt: at },
      observations: { seen: 6, looked: 7 },
    };
  }
}
