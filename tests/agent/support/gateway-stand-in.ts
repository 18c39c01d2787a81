/** A real broker, and at it somebody who answers as a gateway does: stored, refused, or not at all. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import {
  type Ack,
  agentTopics,
  type Detection,
  type ParsedTopic,
  parseDetection,
  parseTopic,
  sha256,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { Aedes } from 'aedes';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

export type Answer = 'stored' | 'silent' | { readonly refused: string };

type PartTopic = Extract<ParsedTopic, { kind: 'evidence-part' }>;

export class GatewayStandIn {
  readonly received: Received[] = [];
  answer: Answer = 'stored';
  /** Its clock before that of the box, in milliseconds. */
  aheadMs = 0;
  #aedes: Aedes | null = null;
  #server: Server | null = null;
  #port = 0;
  readonly #waiters = new Set<() => void>();
  readonly #files = new Map<string, { readonly bytes: Buffer; readonly missing: Buffer }>();

  static async start(): Promise<GatewayStandIn> {
    const gateway = new GatewayStandIn();
    await gateway.open();
    onTestFinished(() => gateway.close());
    return gateway;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** Listens, at the address that it had before if it was closed. */
  async open(): Promise<void> {
    const aedes = await Aedes.createBroker();
    aedes.on('publish', (packet, client) => {
      if (client !== null) this.#receive(packet.topic, Buffer.from(packet.payload), packet.retain);
    });
    const server = createServer((socket) => aedes.handle(socket));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#aedes = aedes;
    this.#server = server;
  }

  /** Everybody is disconnected, and everything in the broker's memory is lost. */
  async close(): Promise<void> {
    const aedes = this.#aedes;
    if (aedes === null) return;
    this.#aedes = null;
    await new Promise<void>((resolve) => aedes.close(resolve));
    this.#server?.close();
  }

  publish(topic: string, payload: string | Buffer): void {
    this.#aedes?.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, dup: false, retain: false },
      () => {},
    );
  }

  /** Detections as they came, in order; throws when one is not valid. */
  get detections(): readonly Detection[] {
    return this.received
      .filter(({ topic }) => topic.endsWith('/detections'))
      .map(({ payload }) => {
        const parsed = parseDetection(payload);
        if (!parsed.ok) throw new Error(parsed.reason);
        return parsed.value;
      });
  }

  /** What was said of the agent itself, in order: online, offline. */
  get statuses(): readonly string[] {
    return this.#statesAt('/status');
  }

  /** Every state that was said of a camera, in order. */
  states(camera: string): readonly string[] {
    return this.#statesAt(`/cameras/${camera}/state`);
  }

  #statesAt(end: string): readonly string[] {
    return this.received
      .filter(({ topic }) => topic.endsWith(end))
      .map(({ payload }) => (JSON.parse(payload.toString()) as { state: string }).state);
  }

  /** The last picture or clip of that name. */
  evidence(name: string): Buffer | undefined {
    return this.received.findLast(({ topic }) => topic.endsWith(`/${name}`))?.payload;
  }

  /** Resolves once what has been received fulfils this; the test's own time limit ends the wait. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }

  /** A file that comes in parts is received when it is whole. */
  #receivePart(
    topic: string,
    payload: Buffer,
    { part: { sha256: name, start, total }, ...from }: PartTopic,
  ): void {
    const file = this.#files.get(name) ?? { bytes: Buffer.alloc(total), missing: Buffer.alloc(total, 1) };
    this.#files.set(name, file);
    payload.copy(file.bytes, start);
    file.missing.fill(0, start, start + payload.length);
    if (this.answer === 'stored') this.#acknowledge(from, payload);
    if (!file.missing.includes(1)) this.#receive(topic.split('/').slice(0, -3).join('/'), file.bytes, false);
  }

  get nowMs(): number {
    return Date.now() + this.aheadMs;
  }

  get #envelope(): Pick<Ack, 'v' | 'at'> {
    return { v: WIRE_VERSION, at: timestamp(this.nowMs) };
  }

  #acknowledge({ site, agent }: { readonly site: string; readonly agent: string }, payload: Buffer): void {
    const ack: Ack = { ...this.#envelope, stored: [sha256(payload)], refused: [] };
    this.publish(agentTopics(site, agent).ack, JSON.stringify(ack));
  }

  #receive(topic: string, payload: Buffer, retain: boolean): void {
    const from = parseTopic(topic);
    if (from?.kind === 'evidence-part') {
      this.#receivePart(topic, payload, from);
      return;
    }
    this.received.push({ topic, payload, retain });
    if (from !== null && !retain && this.answer !== 'silent') {
      const hash = sha256(payload);
      const ack: Ack =
        this.answer === 'stored'
          ? { ...this.#envelope, stored: [hash], refused: [] }
          : { ...this.#envelope, stored: [], refused: [{ sha256: hash, reason: this.answer.refused }] };
      this.publish(agentTopics(from.site, from.agent).ack, JSON.stringify(ack));
    }
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }
}
