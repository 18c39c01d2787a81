/**
 * The outbox onto MQTT: in order, at least once, until the gateway's own acknowledgement. PUBACK says only that a broker has
 * a message; a message leaves the disk when the gateway answers that it has stored it.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { limitWarnings, OutageLog, redactText, type Say } from '@roadwatch/common';
import { type Ack, type AgentTopics, agentTopics, isEncrypted, parseAck } from '@roadwatch/contract';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { ResolvedConfig } from '../config/config.ts';
import type { Outbox, StoredMessage } from './outbox.ts';

export interface UplinkEvents {
  /** The retained status, as it is now; `offline` is also the last will. */
  status(state: 'online' | 'offline'): object;
  onConnected(): void;
  onCommand(payload: Uint8Array): void;
  /** The gateway has it. */
  onStored(message: StoredMessage): void;
  /** It has left for the broker for the first time since start. */
  onPublished(message: StoredMessage): void;
}

/** What the gateway said of a message; `reason` when it refused it. */
interface Answer {
  readonly message: StoredMessage | null;
  readonly reason: string | null;
}

const MAX_UNCONFIRMED = 16;
const MAX_UNACKNOWLEDGED = 64;
const TICK_MS = 1_000;
const DRAIN_MS = 3_000;

export class Uplink {
  readonly topics: AgentTopics;
  readonly #config: ResolvedConfig;
  readonly #outbox: Outbox;
  readonly #events: UplinkEvents;
  readonly #log: Logger;
  readonly #line: OutageLog;
  readonly #sentTooMuch: Say;
  /** Given to the broker, which has not confirmed them. */
  readonly #unconfirmed = new Set<number>();
  /** Confirmed by the broker, with the time; the gateway has not answered. */
  readonly #unacknowledged = new Map<number, number>();
  readonly #announced = new Set<number>();
  #cursor = 0;
  #client: MqttClient | null = null;
  #timer: NodeJS.Timeout | null = null;
  #refused = 0;
  #stateSeq = 0;
  #stopping = false;

  constructor(config: ResolvedConfig, outbox: Outbox, events: UplinkEvents, log: Logger) {
    this.topics = agentTopics(config.site, config.agent);
    this.#config = config;
    this.#outbox = outbox;
    this.#events = events;
    this.#log = log;
    this.#line = new OutageLog(log, { failed: 'broker not connected' });
    this.#sentTooMuch = limitWarnings(log, { aMinute: 1 });
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }
  /** Messages that the gateway refused since start. */
  get refused(): number {
    return this.#refused;
  }

  start(): void {
    const { url, username, password } = this.#config.mqtt;
    const client = mqtt.connect(url.reveal(), {
      clientId: `${this.#config.site}/${this.#config.agent}`,
      username,
      ...(password === undefined ? {} : { password: password.reveal() }),
      ...tlsOptions(this.#config),
      // Commands and acknowledgements that come while the line is down wait for us at the broker.
      clean: false,
      resubscribe: false,
      keepalive: 15,
      connectTimeout: 10_000,
      reconnectPeriod: 1_000 + Math.round(Math.random() * 2_000),
      will: {
        topic: this.topics.status,
        payload: Buffer.from(JSON.stringify(this.#events.status('offline'))),
        qos: 1,
        retain: true,
      },
    });
    this.#client = client;
    client.on('connect', () => this.#onConnect(client));
    client.on('message', (topic, payload) => this.#onMessage(topic, payload));
    client.on('close', () => {
      if (this.#line.failures === 0 && !this.#stopping)
        this.#line.failed('the connection to the broker is down');
    });
    client.on('error', (error) => this.#line.failed(redactText(error.message)));
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Shown from now on: the connection begins anew with it. PEM. */
  useCertificate(certificate: string): void {
    const client = this.#client;
    if (client === null || client.options.cert === undefined) return;
    client.options.cert = certificate;
    // Over websockets the options were copied at the first connection.
    Object.assign(client.options.wsOptions ?? {}, { cert: certificate });
    client.stream?.destroy();
  }

  /** There is something new in the outbox. */
  notify(): void {
    this.#pump();
  }

  /** Retained state; given up when the line is down, since it is said anew on connecting. */
  publishState(topic: string, value: object): void {
    if (!this.connected) return;
    const counted = JSON.stringify({ ...value, seq: ++this.#stateSeq });
    this.#client?.publish(topic, counted, { qos: 1, retain: true }, () => {});
  }

  /** Gives what is under way a moment, says offline, and ends the connection. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping = true;
    const client = this.#client;
    if (client === null) return;
    if (client.connected) {
      const deadline = Date.now() + DRAIN_MS;
      this.#pump();
      while (this.#unconfirmed.size > 0 && client.connected && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const offline = JSON.stringify(this.#events.status('offline'));
      const said = client.publishAsync(this.topics.status, offline, { qos: 1, retain: true });
      await Promise.race([said.catch(() => {}), new Promise((resolve) => setTimeout(resolve, DRAIN_MS))]);
    }
    await client.endAsync(true).catch(() => {});
    this.#client = null;
  }

  #onConnect(client: MqttClient): void {
    // A message is small and must not wait until the one before it is known to have arrived (RFC 896).
    (client.stream as Partial<Socket>).setNoDelay?.(true);
    this.#line.works();
    this.#log.info({ broker: String(this.#config.mqtt.url) }, 'broker connected');
    client.subscribe([this.topics.ack, this.topics.commands], { qos: 1 }, (error) => {
      if (error) this.#line.failed(`cannot subscribe: ${redactText(error.message)}`);
    });
    this.publishState(this.topics.status, this.#events.status('online'));
    // What was confirmed before may have been lost with the broker's memory: say it again.
    this.#unacknowledged.clear();
    this.#cursor = 0;
    this.#events.onConnected();
    this.#pump();
  }

  #onMessage(topic: string, payload: Buffer): void {
    if (topic !== this.topics.ack) {
      this.#events.onCommand(payload);
      return;
    }
    const ack = parseAck(payload);
    if (!ack.ok) {
      this.#log.warn({ reason: ack.reason }, 'acknowledgement not understood');
      return;
    }
    // What was not taken for now stays in the outbox, and is sent again like whatever is left unanswered.
    if (ack.value.later !== undefined)
      this.#sentTooMuch({ reason: ack.value.later }, 'the gateway takes no more for now');
    for (const { message, reason } of this.#settleOnDisk(ack.value)) {
      if (message === null) continue;
      this.#settle(message.id);
      if (reason === null) {
        this.#events.onStored(message);
      } else {
        this.#refused++;
        this.#log.error(
          { topic: message.topic, sha256: message.sha256, reason },
          'message refused by the gateway',
        );
      }
    }
    this.#pump();
  }

  /** When the disk cannot be written the messages stay, are sent again later and answered again. */
  #settleOnDisk({ stored, refused }: Ack): readonly Answer[] {
    try {
      return this.#outbox.atomically(() => [
        ...stored.map((hash) => ({ message: this.#outbox.stored(hash), reason: null })),
        ...refused.map(({ sha256, reason }) => ({
          message: this.#outbox.refused(sha256, reason, Date.now()),
          reason,
        })),
      ]);
    } catch (error) {
      this.#log.error({ reason: (error as Error).message }, 'acknowledgement not written to disk');
      return [];
    }
  }

  #settle(id: number): void {
    this.#unacknowledged.delete(id);
    this.#announced.delete(id);
  }

  /** Sends on, in order, as far as the windows allow. */
  #pump(): void {
    while (
      this.connected &&
      this.#unconfirmed.size < MAX_UNCONFIRMED &&
      this.#unconfirmed.size + this.#unacknowledged.size < MAX_UNACKNOWLEDGED
    ) {
      const [next] = this.#outbox.after(this.#cursor, 1);
      if (next === undefined) return;
      this.#cursor = next.id;
      if (!this.#unconfirmed.has(next.id)) this.#send(next);
    }
  }

  #send(message: StoredMessage): void {
    this.#unacknowledged.delete(message.id);
    this.#unconfirmed.add(message.id);
    if (!this.#announced.has(message.id)) {
      this.#announced.add(message.id);
      this.#events.onPublished(message);
    }
    this.#client?.publish(message.topic, Buffer.from(message.payload), { qos: 1 }, (error) => {
      this.#unconfirmed.delete(message.id);
      // It may have been acknowledged before it was confirmed.
      if (!error && this.#announced.has(message.id)) this.#unacknowledged.set(message.id, Date.now());
      this.#pump();
    });
  }

  /** Repeats what the gateway has left unanswered for too long. */
  #tick(): void {
    if (!this.connected) return;
    const before = Date.now() - this.#config.mqtt.ackTimeoutSeconds * 1000;
    for (const [id, confirmedAtMs] of [...this.#unacknowledged]) {
      if (confirmedAtMs > before || this.#unconfirmed.size >= MAX_UNCONFIRMED) continue;
      const message = this.#outbox.get(id);
      if (message === null) this.#settle(id);
      else this.#send(message);
    }
    this.#pump();
  }
}

/** How the broker is known, and how the box makes itself known where the line is encrypted. */
function tlsOptions({ mqtt, identity }: ResolvedConfig): IClientOptions {
  if (!isEncrypted(mqtt.url.reveal())) return {};
  const authority = mqtt.caFile === undefined ? identity?.brokerAuthority : readFileSync(mqtt.caFile, 'utf8');
  return {
    ...(authority === undefined ? {} : { ca: authority }),
    ...(identity === null ? {} : { cert: identity.certificate, key: identity.privateKeyPem }),
  };
}
