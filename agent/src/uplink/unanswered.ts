/** Messages sent whole that the gateway has not answered yet; what it leaves unanswered is sent again, each time after a longer wait. */
import type { MessageKind, StoredMessage } from './outbox.ts';

interface Sent {
  readonly kind: MessageKind;
  readonly sha256: string;
  /** When the broker confirmed it; null: not yet. */
  readonly confirmedAtMs: number | null;
  readonly attempts: number;
}

interface Due {
  readonly id: number;
  readonly kind: MessageKind;
  readonly sha256: string;
  /** How often it has been sent again. */
  readonly attempts: number;
}

export class Unanswered {
  readonly #sent = new Map<number, Sent>();

  /** The gateway has left a message unanswered, and it has been sent again. */
  get isSilent(): boolean {
    return [...this.#sent.values()].some(({ attempts }) => attempts > 0);
  }

  count(kinds: readonly MessageKind[]): number {
    return [...this.#sent.values()].filter(({ kind }) => kinds.includes(kind)).length;
  }

  /** Of the message with that number; undefined when there is none. */
  sha256(id: number): string | undefined {
    return this.#sent.get(id)?.sha256;
  }

  sent({ id, kind, sha256 }: StoredMessage, attempts: number): void {
    this.#sent.set(id, { kind, sha256, confirmedAtMs: null, attempts });
  }

  /** By the broker. Returns false for what was answered before. */
  confirmed({ id, sha256 }: StoredMessage, nowMs: number): boolean {
    const sent = this.#sent.get(id);
    if (sent?.sha256 !== sha256) return false;
    this.#sent.set(id, { ...sent, confirmedAtMs: nowMs });
    return true;
  }

  /** What has waited for so long since the broker confirmed it, and longer where it was sent again. */
  due(timeoutMs: number, nowMs: number): Due[] {
    return [...this.#sent].flatMap(([id, { kind, sha256, confirmedAtMs, attempts }]) => {
      const waitMs = timeoutMs * 2 ** Math.min(attempts, 4);
      return confirmedAtMs === null || nowMs - confirmedAtMs < waitMs ? [] : [{ id, kind, sha256, attempts }];
    });
  }

  /** The gateway is there: nothing need wait longer for it. */
  answered(): void {
    for (const [id, sent] of this.#sent) if (sent.attempts > 0) this.#sent.set(id, { ...sent, attempts: 0 });
  }

  delete(id: number): void {
    this.#sent.delete(id);
  }

  clear(): void {
    this.#sent.clear();
  }
}
