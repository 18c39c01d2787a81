/**
 * The gateway's own MQTT client, where the broker is another program. It answers the broker (PUBACK) for a message only after the inbox has committed it, yet goes on
 * reading meanwhile, so that one commit can serve many.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { OutageLog } from '@roadwatch/common';
import { GATEWAY_SUBSCRIPTIONS, RETAINED_SUBSCRIPTIONS } from '@roadwatch/contract';
import { connect, type IClientOptions, type MqttClient, type Packet } from 'mqtt';
import type { Logger } from 'pino';
import type { Inbox } from './inbox.ts';

export interface SubscriberOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly caFile?: string;
  readonly shareGroup?: string;
}

const CATCH_UP_MS = 10_000;

export class Subscriber {
  readonly #client: MqttClient;
  readonly #log: Logger;
  #subscribed = false;
  #catchingUp: NodeJS.Timeout | undefined;

  constructor(options: SubscriberOptions, inbox: Inbox, log: Logger) {
    this.#log = log;
    this.#client = connect(options.url, { ...clientOptions(options), manualConnect: true });
    this.#holdPubacks(inbox);
    const line = new OutageLog(log, { failed: 'broker connection failed' });
    const group = options.shareGroup;
    const topics = GATEWAY_SUBSCRIPTIONS.map((topic) => (group ? `$share/${group}/${topic}` : topic));
    this.#client.on('connect', () => {
      // An acknowledgement is small and must not wait for the one before it to arrive (RFC 896).
      (this.#client.stream as Partial<Socket>).setNoDelay?.(true);
      this.#client.subscribe(topics, { qos: 1 }, (error, granted) => {
        const denied = error ?? granted?.find((grant) => grant.qos > 2);
        this.#subscribed = !denied;
        if (denied) log.error({ reason: error?.message ?? 'denied' }, 'subscribing failed');
        else {
          line.works();
          log.info({ topics: topics.length }, 'subscribed');
        }
        if (!denied && group !== undefined) this.#catchUp();
      });
    });
    this.#client.on('close', () => {
      clearTimeout(this.#catchingUp);
      if (this.#subscribed) log.warn('broker connection lost');
      this.#subscribed = false;
    });
    this.#client.on('error', (error) => line.failed(error.message));
  }

  get connected(): boolean {
    return this.#subscribed;
  }

  start(): void {
    this.#client.connect();
  }

  /** Lost with the connection, an acknowledgement is not missed: the agent sends its message again. */
  send(topic: string, payload: string): void {
    if (!this.#client.connected) return;
    this.#client.publish(topic, payload, { qos: 1 }, (error) => {
      if (error) this.#log.debug({ topic, reason: error.message }, 'publish not confirmed');
    });
  }

  /**
   * What was retained while every gateway was away is sent to a subscription of one's own only, not to a shared one (MQTT 5, 4.8.2);
   * so that is held for a moment, too. What comes twice meanwhile is one and the same.
   */
  #catchUp(): void {
    const topics = [...RETAINED_SUBSCRIPTIONS];
    this.#client.subscribe(topics, { qos: 1 });
    this.#catchingUp = setTimeout(() => this.#client.unsubscribe(topics), CATCH_UP_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#catchingUp);
    this.#subscribed = false;
    await this.#client.endAsync();
  }

  /**
   * mqtt.js reads the next packet only when the PUBACK of the last has been written, so waiting in `handleMessage` would make a
   * commit of every message. Instead the PUBACK itself is kept until the inbox calls back. On a new connection the
   * old message ids mean nothing, so PUBACKs of an old one are dropped.
   */
  #holdPubacks(inbox: Inbox): void {
    const client = this.#client;
    type Send = (packet: Packet, done?: () => void) => void;
    const inside = client as unknown as { _sendPacket: Send };
    const send: Send = inside._sendPacket.bind(client);
    const committed = new Set<number>();
    const held = new Set<number>();
    let connection = 0;
    client.on('close', () => {
      connection++;
      committed.clear();
      held.clear();
    });
    client.handleMessage = (packet, next) => {
      const id = packet.messageId;
      const mine = connection;
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      inbox.offer({ topic: packet.topic, payload, retained: packet.retain, old: packet.retain }, () => {
        if (id === undefined || mine !== connection) return;
        if (held.delete(id)) send({ cmd: 'puback', messageId: id } as Packet);
        else committed.add(id);
      });
      if (!inbox.full) return next();
      inbox.room().then(() => next(), next);
    };
    inside._sendPacket = (packet, done) => {
      const id = packet.messageId;
      if (packet.cmd !== 'puback' || id === undefined || committed.delete(id)) return send(packet, done);
      held.add(id);
      done?.();
    };
  }
}

function clientOptions(options: SubscriberOptions): IClientOptions {
  return {
    clientId: options.clientId,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.caFile === undefined ? {} : { ca: readFileSync(options.caFile) }),
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 1000,
    connectTimeout: 10_000,
    resubscribe: false,
    queueQoSZero: false,
  };
}
