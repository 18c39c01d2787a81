/**
 * Messages on their way to the gateway, on disk until it says that it has stored them. Bounded: when it is full the oldest
 * clips go first, then the oldest pictures; detections and replies are small and stay.
 */
import type { DatabaseSync } from 'node:sqlite';
import { sha256 } from '@roadwatch/contract';
import { transaction } from './database.ts';

export type MessageKind = 'detection' | 'reply' | 'picture' | 'clip';

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly kind: MessageKind;
}

export interface StoredMessage extends Message {
  /** Rises with the order in which messages were added. */
  readonly id: number;
  readonly sha256: string;
}

export interface OutboxLimits {
  readonly maxBytes: number;
}

/** A refused message is kept for a person to look at, so many of them, in a fourth of what the outbox may hold besides. */
const MAX_DEAD_LETTERS = 500;
const DEAD_LETTERS_PART = 4;

interface Row {
  readonly id: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly sha256: string;
  readonly kind: MessageKind;
}

export class Outbox {
  readonly #database: DatabaseSync;
  readonly #limits: OutboxLimits;
  #bytes: number;
  #depth: number;
  #evicted = 0;

  constructor(database: DatabaseSync, limits: OutboxLimits) {
    this.#database = database;
    this.#limits = limits;
    const sums = database.prepare(
      'SELECT count(*) AS n, coalesce(sum(length(payload)), 0) AS bytes FROM outbox',
    );
    const { n, bytes } = sums.get() as { n: number; bytes: number };
    this.#depth = n;
    this.#bytes = bytes;
  }

  /** Messages not yet acknowledged. */
  get depth(): number {
    return this.#depth;
  }
  get bytes(): number {
    return this.#bytes;
  }
  /** Messages given up since start because the outbox was full. */
  get evicted(): number {
    return this.#evicted;
  }
  get deadLetters(): number {
    return (this.#database.prepare('SELECT count(*) AS n FROM dead_letter').get() as { n: number }).n;
  }

  /** All of the work on the database or none of it; what changes the outbox belongs in here. Throws what the work or the disk throws. */
  atomically<T>(work: () => T): T {
    const before = [this.#bytes, this.#depth, this.#evicted] as const;
    try {
      return transaction(this.#database, work);
    } catch (error) {
      [this.#bytes, this.#depth, this.#evicted] = before;
      throw error;
    }
  }

  add(message: Message, nowMs: number): void {
    this.#database
      .prepare('INSERT INTO outbox (topic, payload, sha256, kind, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(message.topic, message.payload, sha256(message.payload), message.kind, nowMs);
    this.#bytes += message.payload.byteLength;
    this.#depth++;
    this.#evict();
  }

  /** The oldest messages after one, in order. */
  after(id: number, limit: number): readonly StoredMessage[] {
    const rows = this.#database
      .prepare('SELECT id, topic, payload, sha256, kind FROM outbox WHERE id > ? ORDER BY id LIMIT ?')
      .all(id, limit);
    return rows as unknown as readonly Row[];
  }

  get(id: number): StoredMessage | null {
    const row = this.#database
      .prepare('SELECT id, topic, payload, sha256, kind FROM outbox WHERE id = ?')
      .get(id);
    return (row as unknown as Row | undefined) ?? null;
  }

  /**
   * Lets go of the oldest message with this payload and returns it; null when there is none. Two messages may carry the same
   * picture to two topics: each has an answer of its own.
   */
  stored(hash: string): StoredMessage | null {
    const message = this.#oldest(hash);
    if (message !== null) this.#delete(message);
    return message;
  }

  /** Sets the oldest message with this payload aside and returns it. */
  refused(hash: string, reason: string, nowMs: number): StoredMessage | null {
    const message = this.#oldest(hash);
    if (message === null) return null;
    this.#database
      .prepare(
        `INSERT INTO dead_letter (id, topic, payload, sha256, kind, created_at, refused_at, reason)
         SELECT id, topic, payload, sha256, kind, created_at, ?, ? FROM outbox WHERE id = ?`,
      )
      .run(nowMs, reason, message.id);
    this.#delete(message);
    this.#database
      .prepare(
        `DELETE FROM dead_letter WHERE id NOT IN (
           SELECT id FROM (
             SELECT id, row_number() OVER newest AS rank, sum(length(payload)) OVER newest AS bytes
             FROM dead_letter WINDOW newest AS (ORDER BY refused_at DESC, id DESC)
           ) WHERE rank = 1 OR (rank <= ? AND bytes <= ?))`,
      )
      .run(MAX_DEAD_LETTERS, this.#limits.maxBytes / DEAD_LETTERS_PART);
    return message;
  }

  #oldest(hash: string): StoredMessage | null {
    const row = this.#database
      .prepare('SELECT id, topic, payload, sha256, kind FROM outbox WHERE sha256 = ? ORDER BY id LIMIT 1')
      .get(hash);
    return (row as unknown as Row | undefined) ?? null;
  }

  #delete({ id, payload }: StoredMessage): void {
    this.#database.prepare('DELETE FROM outbox WHERE id = ?').run(id);
    this.#depth--;
    this.#bytes -= payload.byteLength;
  }

  #evict(): void {
    for (const kind of ['clip', 'picture'] as const) {
      while (this.#bytes > this.#limits.maxBytes) {
        const oldest = this.#database
          .prepare('SELECT id, length(payload) AS bytes FROM outbox WHERE kind = ? ORDER BY id LIMIT 1')
          .get(kind) as { id: number; bytes: number } | undefined;
        if (oldest === undefined) break;
        this.#database.prepare('DELETE FROM outbox WHERE id = ?').run(oldest.id);
        this.#bytes -= oldest.bytes;
        this.#depth--;
        this.#evicted++;
      }
    }
  }
}
