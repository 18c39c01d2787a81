/**
 * A line between two programs of a test, as bad as the test wants it: slow, lossy, unplugged, half open, cut. It carries TCP from a
 * port of its own to another one on this machine, a segment at a time, and takes no more than it can carry.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seeded } from './random.ts';

export interface LineQuality {
  /** Either way, for all connections together; left out: as fast as this machine is. */
  readonly bytesPerSecond?: number;
  /** Share of the segments that are lost and sent again, 0 to 1. */
  readonly loss?: number;
}

/** What a segment carries on an Ethernet. */
const SEGMENT_BYTES = 1_448;
/** Until TCP sends again what nobody has confirmed: doubled each time (RFC 6298 2.4 and 5.5; Linux has 0.2 s for its least). */
const RETRANSMIT_MS = 200;
const LONGEST_RETRANSMIT_MS = 10_000;
/** Of a line that loses: with more than a few percent TCP has one segment under way at a time. */
const ROUND_TRIP_MS = 40;

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** Nothing comes through any more, not even the end. */
  dead: boolean;
}

export class SlowLink {
  readonly #target: number;
  readonly #server: Server;
  readonly #random: Random;
  readonly #pairs = new Set<Pair>();
  readonly #bytes = { up: 0, down: 0 };
  /** When each way is free again, by performance.now(). */
  readonly #freeAt = { up: 0, down: 0 };
  #quality: LineQuality;
  #connections = 0;
  #plug: PromiseWithResolvers<void> | null = null;

  /** `target`: a port of 127.0.0.1. */
  static async start(
    target: number,
    quality: LineQuality = {},
    random: Random = seeded(1),
  ): Promise<SlowLink> {
    const link = new SlowLink(target, quality, random);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  private constructor(target: number, quality: LineQuality, random: Random) {
    this.#target = target;
    this.#quality = quality;
    this.#random = random;
    const options = { highWaterMark: SEGMENT_BYTES, noDelay: true, allowHalfOpen: true };
    this.#server = createServer(options, (near) => void this.#accept(near));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  /** Carried so far; `up` is towards the target. */
  get bytes(): { readonly up: number; readonly down: number } {
    return { ...this.#bytes };
  }
  /** That were ever made. */
  get connections(): number {
    return this.#connections;
  }

  /** From the next segment on. */
  set(quality: LineQuality): void {
    this.#quality = quality;
  }

  /** Nothing passes either way, and nobody is told; `plug` lets go on what waits. */
  unplug(): void {
    this.#plug ??= Promise.withResolvers();
  }

  plug(): void {
    this.#plug?.resolve();
    this.#plug = null;
  }

  /** The connections of now never carry anything again, and neither end is told; new ones are served. */
  halfOpen(): void {
    for (const pair of this.#pairs) pair.dead = true;
  }

  /** Both ends of every connection are told at once. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  async stop(): Promise<void> {
    this.plug();
    this.cut();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async #accept(near: Socket): Promise<void> {
    this.#connections++;
    const far = connect({ port: this.#target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const pair = { near, far, dead: false };
    this.#pairs.add(pair);
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      // One that has ended in peace may have left something that is still being carried.
      socket.once('close', (broken) => {
        if (broken && !pair.dead) this.#end(pair);
      });
    }
    await Promise.all([this.#pump(pair, near, far, 'up'), this.#pump(pair, far, near, 'down')]);
    if (!pair.dead) near.end(() => this.#end(pair));
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  }

  async #pump(pair: Pair, from: Socket, to: Socket, way: 'up' | 'down'): Promise<void> {
    try {
      // The end of one way is not the end of the other.
      const chunks: AsyncIterable<Buffer> = from.iterator({ destroyOnReturn: false });
      for await (const chunk of chunks) {
        for (let at = 0; at < chunk.length; at += SEGMENT_BYTES) {
          const segment = chunk.subarray(at, at + SEGMENT_BYTES);
          await this.#carry(segment.length, way);
          if (pair.dead) continue;
          if (!to.write(segment)) await once(to, 'drain');
        }
      }
      if (!pair.dead) to.end();
    } catch {
      // The other side has gone; `close` of either ends both.
    }
  }

  /** As long as a segment of that length takes. */
  async #carry(bytes: number, way: 'up' | 'down'): Promise<void> {
    const { bytesPerSecond, loss = 0 } = this.#quality;
    await this.#plug?.promise;
    if (bytesPerSecond !== undefined) {
      const now = performance.now();
      this.#freeAt[way] = Math.max(now, this.#freeAt[way]) + (bytes / bytesPerSecond) * 1000;
      await sleep(this.#freeAt[way] - now);
    }
    if (loss > 0) {
      let againMs = RETRANSMIT_MS;
      for (; this.#random() < loss; againMs = Math.min(LONGEST_RETRANSMIT_MS, againMs * 2))
        await sleep(againMs);
      await sleep(ROUND_TRIP_MS);
    }
    this.#bytes[way] += bytes;
  }
}
