/**
 * What goes to the broker next, and how much of it at a time: detections and replies as soon as they are there, then states, then
 * what somebody has asked for, then pictures, then clips, in parts that the line carries in a moment, as far as the budget of the day
 * allows. All of it at least once, until the gateway's own answer.
 */
import type { Ack } from '@roadwatch/contract';
import type { DayBudget } from './day-budget.ts';
import type { MessageKind, Outbox, StoredMessage } from './outbox.ts';
import type { Pace } from './pace.ts';
import type { PacketLimit } from './packet-limit.ts';
import { States } from './states.ts';
import { type Part, Transfer } from './transfer.ts';
import { Unanswered } from './unanswered.ts';
import { type Packet, type Publish, Unconfirmed } from './unconfirmed.ts';

export interface SenderEvents {
  /** The broker has it, for the first time since start. */
  onPublished(message: StoredMessage): void;
  /** The gateway has it. */
  onStored(message: StoredMessage): void;
  onRefused(message: StoredMessage, reason: string): void;
  /** The broker would not take a message, or an answer could not be written to disk. */
  onTrouble(reason: string, what: string): void;
}

const PROMPT: readonly MessageKind[] = ['detection', 'reply'];
/** In the order in which they are sent. */
const EVIDENCE = ['asked', 'picture', 'clip'] as const satisfies readonly MessageKind[];
const MAX_UNANSWERED = 64;
/** Files of a kind that are on their way at the same time. */
const MAX_TRANSFERS = 2;

export class Sender {
  readonly #outbox: Outbox;
  readonly #pace: Pace;
  readonly #budget: DayBudget;
  readonly #events: SenderEvents;
  readonly #timeoutMs: number;
  readonly #states = new States();
  readonly #unconfirmed: Unconfirmed;
  readonly #unanswered = new Unanswered();
  readonly #published = new Set<number>();
  readonly #cursors = new Map<MessageKind | 'prompt', number>();
  /** What the cursors are of. */
  #place: object | null = null;
  #transfers: Transfer[] = [];
  /** The latest message that was there before this connection. */
  #lastBefore = 0;
  #stateSeq = 0;
  #draining = false;
  #bytesSent = 0;
  #bytesAgain = 0;

  constructor(
    parts: {
      readonly outbox: Outbox;
      readonly pace: Pace;
      readonly limit: PacketLimit;
      readonly budget: DayBudget;
      readonly timeoutMs: number;
    },
    events: SenderEvents,
  ) {
    this.#outbox = parts.outbox;
    this.#pace = parts.pace;
    this.#budget = parts.budget;
    this.#unconfirmed = new Unconfirmed(parts.pace, parts.limit, parts.budget);
    this.#timeoutMs = parts.timeoutMs;
    this.#events = events;
  }

  /** Since start, of messages out of the outbox; `again`: of them what had been sent before. */
  get bytes(): { readonly sent: number; readonly again: number } {
    return { sent: this.#bytesSent, again: this.#bytesAgain };
  }
  /** Of messages for which there is no answer yet, without what the gateway has of them. */
  get waitingBytes(): number {
    const there = this.#transfers.reduce(
      (sum, { message, leftBytes }) => sum + message.payload.byteLength - leftBytes,
      0,
    );
    return Math.max(0, this.#outbox.bytes - there);
  }
  /** Kinds of which something waits for the next day, whose budget is another. */
  get heldBack(): readonly ('picture' | 'clip')[] {
    return (['picture', 'clip'] as const).filter(
      (kind) => !this.#budget.allows(kind) && this.#outbox.holds(kind),
    );
  }
  get hasUnconfirmed(): boolean {
    return !this.#unconfirmed.isEmpty;
  }

  /** What was confirmed on an earlier connection may have been lost with the broker's memory: it is sent again. */
  connected(publish: Publish, receiveMaximum?: number): void {
    this.#lastBefore = this.#outbox.lastId;
    this.#unconfirmed.open(publish, receiveMaximum);
  }

  /** Returns what is learnt from it; see `Unconfirmed.close`. */
  disconnected(): number | null {
    const largest = this.#unconfirmed.close();
    this.#unanswered.clear();
    this.#cursors.clear();
    this.#states.clear();
    for (const transfer of this.#transfers) transfer.reset();
    return largest;
  }

  putState(topic: string, value: object): void {
    if (!this.#unconfirmed.isOpen) return;
    this.#states.put({ topic, value });
    this.pump();
  }

  /** A retained message of a foreign topic; empty: there is none any more. Returns false where there is no connection. */
  putRetained(topic: string, text: string, done: (refusal: string | null) => void): boolean {
    if (!this.#unconfirmed.isOpen) return false;
    this.#states.put({ topic, value: text, done });
    this.pump();
    return true;
  }

  /** From now on only what is small. */
  drain(): void {
    this.#draining = true;
    this.pump();
  }

  /** Sends on as far as the line allows. */
  pump(): void {
    if (!this.#unconfirmed.isOpen) return;
    this.#rewind();
    this.#sendPrompt();
    if (this.#draining) return;
    this.#sendStates();
    this.#sendEvidence();
  }

  /** The message has been asked for: it goes on as one that was, and though the budget holds the like of it back. */
  asked(id: number): void {
    this.#forget(id);
    this.#cursors.delete('asked');
    this.pump();
  }

  /** Repeats what the gateway has left unanswered for too long. */
  tick(nowMs: number): void {
    if (!this.#unconfirmed.isOpen) return;
    this.#transfers = this.#transfers.filter(({ message: { id, sha256 } }) => this.#outbox.has(id, sha256));
    for (const transfer of this.#transfers) transfer.repeat(this.#timeoutMs, nowMs);
    for (const { id, kind, sha256, attempts } of this.#unanswered.due(this.#timeoutMs, nowMs)) {
      if (this.#unconfirmed.isFull) break;
      if (this.#isHeldBack(kind)) continue;
      const message = this.#outbox.get(id);
      if (message === null || message.sha256 !== sha256) this.#forget(id);
      else this.#sendWhole(message, attempts + 1);
    }
    this.pump();
  }

  /** Whether it was given on this connection: one that the broker has kept meanwhile answers older messages only. */
  isOfNow({ stored, refused }: Ack): boolean {
    const hashes = [...stored, ...refused.map(({ sha256 }) => sha256)];
    return hashes.some((hash) => (this.#outbox.idOf(hash) ?? 0) > this.#lastBefore);
  }

  /** When the disk cannot be written the messages stay, are sent again later and answered again. */
  answered({ stored, refused }: Ack): void {
    this.#unanswered.answered();
    for (const transfer of this.#transfers) transfer.answered();
    const moved = new Set<Transfer>();
    const move = (takes: (transfer: Transfer) => boolean): Transfer | undefined => {
      const transfer = this.#transfers.find(takes);
      if (transfer !== undefined) moved.add(transfer);
      return transfer;
    };
    const wholes = stored.filter((hash) => move((transfer) => transfer.stored(hash)) === undefined);
    const turnedDown = refused.flatMap(({ sha256, reason }) => {
      const transfer = move((one) => one.refused(sha256));
      if (transfer === undefined) return [{ hash: sha256, reason }];
      return transfer.isHopeless ? [{ hash: transfer.message.sha256, reason }] : [];
    });
    try {
      const { gone, aside } = this.#outbox.atomically(() => {
        for (const { message, acknowledged } of moved) this.#outbox.setProgress(message.id, acknowledged);
        return {
          gone: wholes.map((hash) => this.#outbox.stored(hash)),
          aside: turnedDown.map(({ hash, reason }) => ({
            message: this.#outbox.refused(hash, reason, Date.now()),
            reason,
          })),
        };
      });
      for (const message of gone) if (message !== null) this.#settle(message);
      for (const { message, reason } of aside) {
        if (message === null) continue;
        this.#forget(message.id);
        this.#events.onRefused(message, reason);
      }
    } catch (error) {
      this.#events.onTrouble((error as Error).message, 'acknowledgement not written to disk');
    }
    this.pump();
  }

  #settle(message: StoredMessage): void {
    this.#tellPublished(message);
    this.#forget(message.id);
    this.#events.onStored(message);
  }

  #forget(id: number): void {
    this.#unanswered.delete(id);
    this.#published.delete(id);
    this.#transfers = this.#transfers.filter(({ message }) => message.id !== id);
  }

  /** Elsewhere there may be messages behind the cursors: those that were not copied, or those that were given numbers anew. */
  #rewind(): void {
    const { place } = this.#outbox;
    if (place === this.#place) return;
    this.#place = place;
    this.#cursors.clear();
  }

  /** Whether it is under way. A number that was given anew is another message's now. */
  #isUnderWay({ id, sha256 }: StoredMessage): boolean {
    const inParts = this.#transfers.find(({ message }) => message.id === id)?.message;
    const known = this.#unanswered.sha256(id) ?? inParts?.sha256;
    if (known === undefined) return false;
    if (known !== sha256) this.#forget(id);
    return known === sha256;
  }

  #sendPrompt(): void {
    while (!this.#unconfirmed.isFull && this.#unanswered.count(PROMPT) < MAX_UNANSWERED) {
      const next = this.#outbox.next(PROMPT, this.#cursors.get('prompt') ?? 0);
      if (next === null) return;
      this.#cursors.set('prompt', next.id);
      if (!this.#isUnderWay(next)) this.#sendWhole(next, 0);
    }
  }

  #sendStates(): void {
    while (!this.#unconfirmed.isFull) {
      const now = performance.now();
      const state = this.#states.take(now);
      if (state === null) return;
      const { topic, value } = state;
      const isForeign = typeof value === 'string';
      const payload = isForeign ? value : JSON.stringify({ ...value, seq: ++this.#stateSeq });
      this.#states.sent(payload.length + topic.length, this.#pace.bytesPerSecond, now);
      this.#give({ topic, payload, retain: true, isForeign }, (refusal) => {
        this.#states.arrived();
        state.done?.(refusal);
      });
    }
  }

  #sendEvidence(): void {
    // Of a gateway that does not answer nothing more is asked than a part at a time.
    const isSilent = this.#unanswered.isSilent || this.#transfers.some(({ isUnanswered }) => isUnanswered);
    while (!this.#unconfirmed.isFull && this.#unconfirmed.bytes < (isSilent ? 1 : this.#pace.windowBytes)) {
      const underWay = this.#transfers.reduce((sum, { underWayBytes }) => sum + underWayBytes, 0);
      if (underWay >= (isSilent ? 1 : 2 * this.#pace.windowBytes)) return;
      if (!EVIDENCE.some((kind) => !this.#isHeldBack(kind) && this.#sendSome(kind, isSilent))) return;
    }
  }

  #isHeldBack(kind: MessageKind): boolean {
    return (kind === 'picture' || kind === 'clip') && !this.#budget.allows(kind);
  }

  /** Whether something of that kind was there to be sent. */
  #sendSome(kind: MessageKind, isSilent: boolean): boolean {
    const ours = this.#transfers.filter(({ message }) => message.kind === kind);
    const open = ours.find(({ isSent }) => !isSent);
    if (open !== undefined) return this.#sendPart(open);
    if (isSilent || ours.length >= MAX_TRANSFERS || this.#unanswered.count(EVIDENCE) >= MAX_UNANSWERED)
      return false;
    const next = this.#outbox.next([kind], this.#cursors.get(kind) ?? 0);
    if (next === null) return false;
    this.#cursors.set(kind, next.id);
    if (this.#isUnderWay(next)) return true;
    const progress = this.#outbox.progress(next.id);
    if (progress.length === 0 && next.payload.byteLength <= this.#unconfirmed.partBytes(next.topic))
      this.#sendWhole(next, 0);
    else this.#transfers.push(new Transfer(next, progress));
    return true;
  }

  #sendPart(transfer: Transfer): boolean {
    const part: Part | null = transfer.next(this.#unconfirmed.partBytes(transfer.message.topic));
    if (part === null) return false;
    this.#count(part.payload.length, part.again);
    const { topic, payload } = part;
    this.#give({ topic, payload, retain: false }, () => transfer.confirmed(part, performance.now()));
    return true;
  }

  #sendWhole(message: StoredMessage, attempts: number): void {
    const { id, topic } = message;
    const payload = Buffer.from(message.payload);
    this.#unanswered.sent(message, attempts);
    this.#count(payload.length, attempts > 0 || this.#published.has(id) ? payload.length : 0);
    this.#give({ topic, payload, retain: false }, (refusal) => {
      const isWaitedFor = this.#unanswered.confirmed(message, performance.now());
      if (isWaitedFor && refusal === null) this.#tellPublished(message);
    });
  }

  #tellPublished(message: StoredMessage): void {
    if (this.#published.has(message.id)) return;
    this.#published.add(message.id);
    this.#events.onPublished(message);
  }

  /** What the broker refuses is sent again like what the gateway leaves unanswered. */
  #give(packet: Packet, done: (refusal: string | null) => void): void {
    this.#unconfirmed.give(packet, (refusal) => {
      if (refusal !== null) this.#events.onTrouble(refusal, 'the broker refuses a message');
      done(refusal);
      this.pump();
    });
  }

  #count(bytes: number, again: number): void {
    this.#bytesSent += bytes;
    this.#bytesAgain += again;
  }
}
