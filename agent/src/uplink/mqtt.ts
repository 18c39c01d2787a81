/**
 * The line to the gateway: one session with the broker after the other for as long as the agent runs, and what is to be known of it.
 * PUBACK says only that a broker has a message; a message leaves the disk when the gateway answers that it has stored it.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, limitWarnings, OutageLog, type Say, type SecretUrl } from '@roadwatch/common';
import {
  type AgentTopics,
  type AgentTrouble,
  agentTopics,
  isEncrypted,
  originOf,
  parseAck,
} from '@roadwatch/contract';
import type { IClientOptions } from 'mqtt';
import type { Logger } from 'pino';
import type { Broker, ResolvedConfig } from '../config/config.ts';
import { Brokers, tryOtherVersion } from './brokers.ts';
import type { DayBudget } from './day-budget.ts';
import { HeldBack } from './held-back.ts';
import { LineTroubles } from './line-troubles.ts';
import type { Outbox, StoredMessage } from './outbox.ts';
import { Pace } from './pace.ts';
import { PacketLimit } from './packet-limit.ts';
import { Sender } from './sender.ts';
import { endedWith, Session, type SessionEnd, UNAVAILABLE, type Welcome } from './session.ts';
import { Tunnel } from './tunnel.ts';

export interface UplinkEvents {
  /** The retained status, as it is now; `offline` is also the last will. */
  status(state: 'online' | 'offline'): object;
  onConnected(): void;
  onCommand(payload: Uint8Array): void;
  /** What its clock shows, as a timestamp. */
  onGatewayTime(at: string): void;
  /** The gateway has it. */
  onStored(message: StoredMessage): void;
  /** The gateway does not take it; it has been set aside. */
  onRefused(message: StoredMessage): void;
  /** The broker has it, for the first time since start. */
  onPublished(message: StoredMessage): void;
}

export interface UplinkFigures {
  readonly connected: boolean;
  /** The broker that is connected, or tried; without secrets. */
  readonly broker: string;
  /** About what the line carries; null before it was measured. */
  readonly bytesPerSecond: number | null;
  readonly waitingBytes: number;
  readonly sentBytes: number;
  /** Of these, what had been sent before. */
  readonly resentBytes: number;
  /** Of this day in UTC, all that has gone over the line; and what may, null: as much as can be. */
  readonly dayBytes: number;
  readonly dayBudgetBytes: number | null;
  /** Messages that the gateway refused since start. */
  readonly refused: number;
}

const TICK_MS = 1_000;
/** How long a broker that stands in is kept before the first is tried again. */
const FALLBACK_MS = 10 * 60_000;
const DRAIN_MS = 3_000;
/** So much waits that the line will be busy with it for a while. */
const BEHIND_SECONDS = 60;
/** Who is not let in comes back more and more slowly: a password that is wrong stays so. */
const REFUSED = { firstMs: 4_000, maxMs: 60_000 };

export class Uplink {
  readonly topics: AgentTopics;
  readonly #config: ResolvedConfig;
  readonly #events: UplinkEvents;
  readonly #log: Logger;
  readonly #line: OutageLog;
  readonly #behind: OutageLog;
  readonly #warn: Say;
  readonly #pace = new Pace();
  readonly #limit: PacketLimit;
  readonly #troubles: LineTroubles;
  readonly #budget: DayBudget;
  readonly #heldBack: HeldBack;
  readonly #clientId: string;
  readonly #sender: Sender;
  readonly #stopping = new AbortController();
  readonly #brokers: Brokers;
  readonly #fallbackMs: number;
  #session: Session | null = null;
  /** With the first broker, while another one stands in for it. */
  #returning: Session | null = null;
  #successor: { readonly session: Session; readonly welcome: Welcome } | null = null;
  #tryFirstAtMs = 0;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #certificate: string | null = null;
  #refused = 0;

  /** `fallbackMs`: how long a broker that stands in is kept before the first is tried again. */
  constructor(
    config: ResolvedConfig,
    { outbox, budget }: { readonly outbox: Outbox; readonly budget: DayBudget },
    events: UplinkEvents,
    log: Logger,
    fallbackMs = FALLBACK_MS,
  ) {
    this.topics = agentTopics(config.site, config.agent);
    this.#config = config;
    this.#brokers = new Brokers([config.mqtt, ...config.mqtt.fallbackUrls]);
    this.#fallbackMs = fallbackMs;
    this.#events = events;
    this.#log = log;
    this.#line = new OutageLog(log, { failed: 'broker not connected' });
    this.#behind = new OutageLog(log, {
      failed: 'evidence waits for a slow line',
      over: 'evidence waits no more',
    });
    this.#warn = limitWarnings(log, { aMinute: 1 });
    this.#clientId = `${config.site}/${config.agent}`;
    this.#limit = new PacketLimit(config.mqtt.maxPacketBytes);
    this.#troubles = new LineTroubles(this.#clientId, this.#limit, log);
    this.#budget = budget;
    this.#heldBack = new HeldBack(budget, log);
    const timeoutMs = config.mqtt.ackTimeoutSeconds * 1000;
    this.#sender = new Sender(
      { outbox, pace: this.#pace, limit: this.#limit, budget, timeoutMs },
      {
        onPublished: (message) => events.onPublished(message),
        onStored: (message) => events.onStored(message),
        onRefused: (message, reason) => {
          this.#refused++;
          const { topic, sha256 } = message;
          log.error({ topic, sha256, reason }, 'message refused by the gateway');
          events.onRefused(message);
        },
        onTrouble: (reason, what) => this.#warn({ reason }, what),
      },
    );
  }

  get connected(): boolean {
    return this.#session?.isOpen ?? false;
  }

  /** That is connected, or tried. */
  get broker(): Broker {
    return this.#brokers.current.broker;
  }

  get figures(): UplinkFigures {
    const { sent, again } = this.#sender.bytes;
    return {
      connected: this.connected,
      broker: originOf(this.broker.url.reveal()),
      bytesPerSecond: this.#pace.bytesPerSecond,
      waitingBytes: this.#sender.waitingBytes,
      sentBytes: sent,
      resentBytes: again,
      dayBytes: this.#budget.bytes,
      dayBudgetBytes: this.#budget.bytesPerDay,
      refused: this.#refused,
    };
  }

  /** What a person should know of the line. */
  get troubles(): readonly AgentTrouble[] {
    return [...this.#troubles.all, ...this.#heldBack.troubles];
  }

  start(): void {
    this.#running = this.#run();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Shown from now on: the connection begins anew with it. PEM. */
  useCertificate(certificate: string): void {
    this.#certificate = certificate;
    if (isEncrypted(this.broker.url.reveal())) this.#session?.drop();
  }

  /** There is something new in the outbox. */
  notify(): void {
    this.#sender.pump();
  }

  /** Somebody waits for a message of the outbox. */
  asked(id: number): void {
    this.#sender.asked(id);
  }

  /** Whether clips are kept until they are asked for, where that hangs on the line: it is poor, or the day's budget holds them back. */
  get isPoor(): boolean {
    return this.#pace.isPoor || !this.#budget.allows('clip');
  }

  /** Retained state; given up when the line is down, since it is said anew on connecting. */
  publishState(topic: string, value: object): void {
    this.#sender.putState(topic, value);
  }

  /** A retained message of whatever kind; see `Sender.putRetained`. */
  retain(topic: string, text: string, done: (refusal: string | null) => void): boolean {
    return this.#sender.putRetained(topic, text, done);
  }

  /** Gives what is small a moment, says offline, and ends the connection. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping.abort();
    const session = this.#session;
    if (session?.isOpen) {
      this.#sender.drain();
      const deadline = performance.now() + DRAIN_MS;
      while (this.#sender.hasUnconfirmed && session.isOpen && performance.now() < deadline) await sleep(20);
      await this.#sayOffline(session);
    }
    await Promise.all([session?.end(), this.#returning?.end()]);
    await this.#running;
    this.#budget.save();
  }

  async #sayOffline(session: Session): Promise<void> {
    const offline = JSON.stringify(this.#events.status('offline'));
    const said = new Promise<void>((done) =>
      session.publish(this.topics.status, offline, true, () => done()),
    );
    await Promise.race([said, session.ended, sleep(DRAIN_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const end = await this.#meet();
      const largest = this.#sender.disconnected();
      if (signal.aborted) return;
      if (this.#successor !== null) continue;
      if (end.isOtherVersion && tryOtherVersion(this.#brokers.current)) continue;
      await sleep(this.#ended(end, largest), undefined, { signal }).catch(() => {});
    }
  }

  /** From its beginning to its end; what cannot even begin, as without the file of its authority, has ended with the reason. */
  async #meet(): Promise<SessionEnd> {
    try {
      this.#session = this.#takeSuccessor() ?? this.#begin(this.#brokers.current);
    } catch (error) {
      return endedWith((error as Error).message);
    }
    const end = await this.#session.ended;
    this.#session = null;
    return end;
  }

  #begin(
    { broker, version }: Brokers['current'],
    open: (session: Session, welcome: Welcome) => void = (...opened) => this.#opened(...opened),
  ): Session {
    const { url, username, password } = broker;
    const session: Session = new Session(
      {
        url: url.reveal(),
        version,
        mqtt: {
          clientId: this.#clientId,
          username,
          ...(password === undefined ? {} : { password: password.reveal() }),
          ...lineOptions(this.#config, url),
          ...(this.#certificate === null ? {} : { cert: this.#certificate }),
          will: {
            topic: this.topics.status,
            payload: Buffer.from(JSON.stringify(this.#events.status('offline'))),
            qos: 1,
            retain: true,
          },
        },
      },
      {
        open: (welcome) => open(session, welcome),
        message: (topic, payload) => this.#onMessage(topic, payload),
      },
    );
    return session;
  }

  /** The first broker lets us in again while another one stands in: that one is left first, so that each message has one way only. */
  async #tryFirst(): Promise<void> {
    const { first } = this.#brokers;
    try {
      this.#returning = this.#begin(first, (session, welcome) => {
        this.#successor = { session, welcome };
        this.#sender.disconnected();
        this.#session?.leave();
      });
      const { wasOpen, isOtherVersion, reason } = await this.#returning.ended;
      if (wasOpen) return;
      if (isOtherVersion) tryOtherVersion(first);
      this.#log.debug({ broker: String(first.broker.url), reason }, 'first broker still away');
    } catch (error) {
      this.#log.debug(
        { broker: String(first.broker.url), reason: (error as Error).message },
        'first broker still away',
      );
    } finally {
      this.#returning = null;
      this.#tryFirstAtMs = performance.now() + this.#fallbackMs;
    }
  }

  #takeSuccessor(): Session | null {
    const successor = this.#successor;
    if (successor === null) return null;
    this.#successor = null;
    this.#brokers.backToFirst();
    if (successor.session.isOpen) this.#opened(successor.session, successor.welcome);
    return successor.session;
  }

  #opened(session: Session, { maximumPacketSize, receiveMaximum }: Welcome): void {
    this.#line.works();
    this.#brokers.current.refusals = 0;
    this.#tryFirstAtMs = performance.now() + this.#fallbackMs;
    this.#troubles.opened(performance.now());
    this.#limit.told(maximumPacketSize);
    const limit = maximumPacketSize === undefined ? {} : { maxPacketBytes: maximumPacketSize };
    this.#log.info({ broker: String(this.broker.url), ...limit }, 'broker connected');
    this.#troubles.standsIn(this.#brokers.isFirst ? null : this.figures.broker);
    session.subscribe([this.topics.ack, this.topics.commands], (reason) => this.#line.failed(reason));
    this.#sender.connected(
      (topic, payload, retain, done) => session.publish(topic, payload, retain, done),
      receiveMaximum,
    );
    this.publishState(this.topics.status, this.#events.status('online'));
    this.#events.onConnected();
    this.#sender.pump();
  }

  /** Says why, as far as it is known; returns how long to wait before the next try, in milliseconds. */
  #ended(end: SessionEnd, largest: number | null): number {
    if (largest !== null) this.#troubles.ended(end, largest, performance.now());
    const reason = end.reason ?? 'the connection to the broker is down';
    if (this.#line.failures === 0 || end.reason !== null)
      this.#line.failed(this.#brokers.isOne ? reason : `${this.figures.broker}: ${reason}`);
    const { current } = this.#brokers;
    const isRefused = !end.wasOpen && end.code !== null && !UNAVAILABLE.includes(end.code);
    const waitMs = isRefused
      ? backoffMs(current.refusals++, REFUSED, Math.random())
      : (this.#troubles.waitMs(Math.random()) ?? 1_000 + Math.random() * 2_000);
    return this.#brokers.ended(end.wasOpen, waitMs, performance.now(), Math.random());
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
    if (ack.value.at !== undefined && this.#sender.isOfNow(ack.value))
      this.#events.onGatewayTime(ack.value.at);
    // What was not taken for now stays in the outbox, and is sent again like whatever is left unanswered.
    if (ack.value.later !== undefined)
      this.#warn({ reason: ack.value.later }, 'the gateway takes no more for now');
    this.#sender.answered(ack.value);
  }

  #tick(): void {
    const now = performance.now();
    this.#troubles.tick(this.connected, now);
    this.#sender.tick(now);
    this.#heldBack.look(this.#sender.heldBack);
    if (this.connected && !this.#brokers.isFirst && this.#returning === null && now >= this.#tryFirstAtMs)
      void this.#tryFirst();
    const { bytesPerSecond, waitingBytes } = this.figures;
    if (!this.connected || bytesPerSecond === null) return;
    const seconds = waitingBytes / Math.max(1, bytesPerSecond);
    if (seconds < BEHIND_SECONDS / 6) this.#behind.works();
    else if (seconds > BEHIND_SECONDS && this.#behind.failures === 0)
      this.#behind.failed(
        `the line carries about ${Math.ceil(bytesPerSecond / 1000)} kB/s, ${(waitingBytes / 1e6).toFixed(1)} MB wait`,
      );
  }
}

/** By which way it is reached, how the broker is known, and how the box makes itself known where the line is encrypted. */
export function lineOptions({ mqtt, identity }: ResolvedConfig, url: SecretUrl): IClientOptions {
  const way = mqtt.proxy === undefined ? {} : { wsOptions: { agent: new Tunnel(mqtt.proxy, url) } };
  if (!isEncrypted(url.reveal())) return way;
  const authority = mqtt.caFile === undefined ? identity?.brokerAuthority : readFileSync(mqtt.caFile, 'utf8');
  return {
    ...way,
    ...(authority === undefined ? {} : { ca: authority }),
    ...(identity === null ? {} : { cert: identity.certificate, key: identity.privateKeyPem }),
  };
}
