/**
 * What has been given to the broker, and is not confirmed yet: no more packets than the broker takes at a time, and what each of them
 * says of the line and of the packets that it carries.
 */
import type { DayBudget } from './day-budget.ts';
import type { Departure, Pace } from './pace.ts';
import type { PacketLimit } from './packet-limit.ts';

/** As of a session; `done` is not called once it has ended. */
export type Publish = (
  topic: string,
  payload: string | Buffer,
  retain: boolean,
  done: (refusal: string | null) => void,
) => void;

export interface Packet {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly retain: boolean;
  /** Of a topic that is none of Roadwatch's: a broker may end the connection for it. */
  readonly isForeign?: boolean;
}

const MAX_UNCONFIRMED = 16;
/** Topic length, packet id, fixed header, MQTT 5 properties. */
const HEADER_BYTES = 12;
/** Of the topic of a part, besides that of its file. */
const PART_NAME_BYTES = 64 + 2 * 7 + 3;

export class Unconfirmed {
  readonly #pace: Pace;
  readonly #limit: PacketLimit;
  readonly #budget: DayBudget;
  readonly #departures = new Map<Departure, Packet>();
  #publish: Publish | null = null;
  #atMost = MAX_UNCONFIRMED;

  constructor(pace: Pace, limit: PacketLimit, budget: DayBudget) {
    this.#pace = pace;
    this.#limit = limit;
    this.#budget = budget;
  }

  /** Whether there is a connection. */
  get isOpen(): boolean {
    return this.#publish !== null;
  }
  get isEmpty(): boolean {
    return this.#departures.size === 0;
  }
  get isFull(): boolean {
    return this.#departures.size >= this.#atMost;
  }
  get bytes(): number {
    return [...this.#departures.keys()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** `receiveMaximum`: as the broker says (MQTT 5, 3.2.2.3.3). */
  open(publish: Publish, receiveMaximum = MAX_UNCONFIRMED): void {
    this.#publish = publish;
    this.#atMost = Math.min(MAX_UNCONFIRMED, receiveMaximum);
  }

  /**
   * The connection is gone. Returns the size of the largest packet that was under way, 0 when none was; null when one of a foreign topic
   * was, of which the end tells and not of the line.
   */
  close(): number | null {
    const isForeign = [...this.#departures.values()].some((packet) => packet.isForeign === true);
    const largest = Math.max(0, ...[...this.#departures.keys()].map(({ bytes }) => bytes));
    if (largest > 0 && !isForeign) this.#pace.lost();
    this.#publish = null;
    this.#departures.clear();
    return isForeign ? null : largest;
  }

  /** How large a part of the file with that topic may be now. */
  partBytes(topic: string): number {
    const room = this.#limit.bytes(performance.now()) - topic.length - PART_NAME_BYTES - HEADER_BYTES;
    return Math.min(this.#pace.partBytes, room);
  }

  /** `done` is called with what the broker has answered; never when the connection ends before it does. */
  give(packet: Packet, done: (refusal: string | null) => void): void {
    const { topic, payload, retain } = packet;
    const bytes = Buffer.byteLength(payload) + topic.length + HEADER_BYTES;
    const departure = this.#pace.sent(bytes, performance.now());
    this.#departures.set(departure, packet);
    this.#budget.sent(bytes);
    this.#publish?.(topic, payload, retain, (refusal) => {
      this.#departures.delete(departure);
      this.#pace.arrived(departure, performance.now());
      if (refusal === null) this.#limit.passed(bytes);
      done(refusal);
    });
  }
}
