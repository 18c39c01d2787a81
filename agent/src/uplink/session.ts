/** One connection to the broker, from its beginning to its end. It is never mended: whoever wants another one makes it. */
import type { Socket } from 'node:net';
import { redactText } from '@roadwatch/common';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';

/** MQTT 5, 2.4. */
export const SESSION_TAKEN_OVER = 0x8e;
export const PACKET_TOO_LARGE = 0x95;
/** Server unavailable, busy: in MQTT 3.1.1 and 5. */
export const UNAVAILABLE: readonly number[] = [3, 0x88, 0x89];
/** Unsupported protocol version: MQTT 3.1.1, table 3.1, and MQTT 5, 3.2.2.2. */
const UNKNOWN_VERSION = [1, 0x84];

export interface SessionOptions {
  readonly url: string;
  /** Besides what is the same for all. */
  readonly mqtt: IClientOptions;
  readonly version: 4 | 5;
}

/** What the broker said when it let us in; without a word where it is MQTT 3.1.1. */
export interface Welcome {
  readonly maximumPacketSize: number | undefined;
  readonly receiveMaximum: number | undefined;
}

export interface SessionEnd {
  /** Whether the broker had let us in. */
  readonly wasOpen: boolean;
  /** Without secrets; null when it just ended. */
  readonly reason: string | null;
  /** MQTT's reason, where the broker gave one. */
  readonly code: number | null;
  /** The other side has ended it. */
  readonly byBroker: boolean;
  /** The broker may know another version of MQTT only. */
  readonly isOtherVersion: boolean;
}

export interface SessionEvents {
  open(welcome: Welcome): void;
  message(topic: string, payload: Buffer): void;
}

const KEEPALIVE_SECONDS = 30;
const CONNECT_MS = 20_000;
const LEAVE_MS = 3_000;
/** Commands and acknowledgements that come while the line is down wait so long for us at the broker. */
const KEPT_SECONDS = 86_400;
/** What a connection ends with when the other side ends it. */
const ENDED_THERE = ['ECONNRESET', 'EPIPE'];

export class Session {
  readonly ended: Promise<SessionEnd>;
  readonly #client: MqttClient;
  #endedByUs = false;

  constructor({ url, mqtt: options, version }: SessionOptions, on: SessionEvents) {
    const client = mqtt.connect(url, {
      ...options,
      protocolVersion: version,
      ...(version === 5 ? { properties: { sessionExpiryInterval: KEPT_SECONDS } } : {}),
      clean: false,
      resubscribe: false,
      reconnectPeriod: 0,
      keepalive: KEEPALIVE_SECONDS,
      connectTimeout: CONNECT_MS,
      // The library keeps each number of two bytes as a buffer of its own otherwise: 8 MiB.
      writeCache: false,
    });
    this.#client = client;
    let wasOpen = false;
    let error: (Error & { readonly code?: number | string }) | null = null;
    let said: number | null = null;
    client.on('connect', ({ properties }) => {
      wasOpen = true;
      // A message is small and must not wait until the one before it is known to have arrived (RFC 896).
      (client.stream as Partial<Socket>).setNoDelay?.(true);
      on.open({
        maximumPacketSize: properties?.maximumPacketSize,
        receiveMaximum: properties?.receiveMaximum,
      });
    });
    client.on('message', (topic, payload) => on.message(topic, payload));
    client.on('disconnect', ({ reasonCode }) => {
      said = reasonCode ?? null;
    });
    const failed = (problem: Error): void => {
      error ??= problem;
    };
    client.on('error', failed);
    // The library passes on what it knows by its code only, which the answer of a proxy is not.
    client.stream.on('error', failed);
    this.ended = new Promise((resolve) => {
      client.once('close', () => {
        // Its timers and what it still holds are let go.
        client.end(true);
        const code = said ?? (typeof error?.code === 'number' ? error.code : null);
        const there = error === null || ENDED_THERE.includes(String(error.code));
        resolve({
          wasOpen,
          reason: error === null ? null : redactText(error.message),
          code,
          byBroker: !this.#endedByUs && there,
          isOtherVersion:
            !wasOpen && (there || (code !== null && UNKNOWN_VERSION.includes(code)) || isUnread(error)),
        });
      });
    });
  }

  get isOpen(): boolean {
    return this.#client.connected;
  }

  subscribe(topics: readonly string[], onTrouble: (reason: string) => void): void {
    this.#client.subscribe([...topics], { qos: 1 }, (error) => {
      if (error) onTrouble(`cannot subscribe: ${redactText(error.message)}`);
    });
  }

  /** With QoS 1; `done` is called with what the broker answered, and never once the connection has ended. */
  publish(
    topic: string,
    payload: string | Buffer,
    retain: boolean,
    done: (refusal: string | null) => void,
  ): void {
    this.#client.publish(topic, payload, { qos: 1, retain }, (error) => {
      if (this.#client.connected) done(error ? redactText(error.message) : null);
    });
  }

  /**
   * Says goodbye, so that the broker tells nobody that we are gone and keeps nothing for us; without its answer to what is under way
   * after a moment.
   */
  leave(): void {
    this.#endedByUs = true;
    const forced = setTimeout(() => this.#client.stream?.destroy(), LEAVE_MS);
    void this.ended.then(() => clearTimeout(forced));
    this.#client.end(false, { properties: { sessionExpiryInterval: 0 } });
  }

  /** Without a word to the broker. */
  drop(): void {
    this.#endedByUs = true;
    this.#client.stream?.destroy();
  }

  async end(): Promise<void> {
    this.#endedByUs = true;
    await this.#client.endAsync(true).catch(() => {});
  }
}

/** Of a connection that could not be begun. */
export function endedWith(reason: string): SessionEnd {
  const nothing = { wasOpen: false, code: null, byBroker: false, isOtherVersion: false };
  return { ...nothing, reason: redactText(reason) };
}

/** A broker of another version may answer with what cannot be read in this one. */
function isUnread(error: (Error & { readonly code?: number | string }) | null): boolean {
  return error !== null && error.code === undefined && !/timeout/i.test(error.message);
}
