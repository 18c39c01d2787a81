/**
 * What is learnt from how the connections to the broker end, and what a person should know of it: that the broker takes no packets so
 * large, or that another box uses this one's name.
 */
import { type AgentTrouble, timestamp } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { PacketLimit } from './packet-limit.ts';
import { PACKET_TOO_LARGE, SESSION_TAKEN_OVER, type SessionEnd } from './session.ts';
import { SharedName } from './shared-name.ts';

export class LineTroubles {
  /** By which the broker knows this box. */
  readonly #clientId: string;
  readonly #limit: PacketLimit;
  readonly #log: Logger;
  readonly #name = new SharedName();
  #limitTrouble: AgentTrouble | null = null;
  #nameTrouble: AgentTrouble | null = null;
  #standInTrouble: AgentTrouble | null = null;

  constructor(clientId: string, limit: PacketLimit, log: Logger) {
    this.#clientId = clientId;
    this.#limit = limit;
    this.#log = log;
  }

  get all(): readonly AgentTrouble[] {
    return [this.#nameTrouble, this.#limitTrouble, this.#standInTrouble].filter(
      (trouble) => trouble !== null,
    );
  }

  opened(nowMs: number): void {
    this.#name.loggedIn(nowMs);
  }

  /** Which broker stands in for the first, and is connected; null: the first is. */
  standsIn(broker: string | null): void {
    if (broker === null) {
      this.#standInTrouble = null;
      return;
    }
    const detail = `connected to ${broker} (mqtt.fallbackUrls), for the first broker was not reached; it is tried again every ten minutes`;
    if (this.#standInTrouble === null) this.#log.warn({ broker, reason: detail }, 'another broker stands in');
    const since = this.#standInTrouble?.since ?? timestamp(Date.now());
    this.#standInTrouble = { code: 'broker_fallback', detail, since };
  }

  /** `largest`: size of the largest packet that was under way; 0 when none was. */
  ended({ wasOpen, byBroker, code }: SessionEnd, largest: number, nowMs: number): void {
    const explained = largest > 0 && this.#limit.suspects(largest);
    if (wasOpen && byBroker && largest > 0) this.#learnLimit(largest, code === PACKET_TOO_LARGE, nowMs);
    if (wasOpen && byBroker && !explained) this.#name.ended(code === SESSION_TAKEN_OVER, nowMs);
    this.#tellName();
  }

  /** To be called now and then; `isOpen`: whether there is a connection. */
  tick(isOpen: boolean, nowMs: number): void {
    if (isOpen) this.#name.lasts(nowMs);
    this.#tellName();
  }

  /** How long to wait before coming back, in milliseconds; null when it makes no difference. `random` is in [0, 1). */
  waitMs(random: number): number | null {
    return this.#name.waitMs(random);
  }

  #learnLimit(largest: number, said: boolean, nowMs: number): void {
    const learnt = this.#limit.dropped(largest, said, nowMs);
    if (learnt === null) return;
    const detail = `the broker ends the connection when a packet of ${largest} bytes is under way; pictures and clips go in packets of at most ${learnt} bytes now; mqtt.maxPacketBytes sets it`;
    this.#limitTrouble = { code: 'broker_packet_limit', detail, since: timestamp(Date.now()) };
    this.#log.warn({ reason: detail, maxPacketBytes: learnt }, 'the broker takes no packets so large');
  }

  #tellName(): void {
    const isShared = this.#name.sinceMs !== null;
    if (isShared === (this.#nameTrouble !== null)) return;
    if (!isShared) {
      this.#nameTrouble = null;
      this.#log.info('the name is not used by another box any more');
      return;
    }
    const name = this.#clientId;
    const detail = `another box uses the name ${name}: the broker ends the connection again and again soon after the login; give each box an agent of its own in its configuration`;
    this.#nameTrouble = { code: 'name_shared', detail, since: timestamp(Date.now()) };
    this.#log.error({ name, reason: detail }, 'another box uses this name');
  }
}
