/**
 * Messages on their way to the gateway, on disk until it says that it has stored them, and files that are kept until somebody asks for
 * them. Bounded: when it is full the oldest of those go first, then clips, pictures and what was asked for; detections and replies are
 * small and stay.
 */
import type { DatabaseSync } from 'node:sqlite';
import { sha256 } from '@roadwatch/contract';
import { MEMORY_BYTES } from '../store/in-memory.ts';
import type { AgentStore } from '../store/store.ts';
import type { Range } from './ranges.ts';

/** `kept`: goes nowhere until it is asked for, and is `asked` then. */
export type MessageKind = 'detection' | 'reply' | 'asked' | 'picture' | 'clip' | 'kept';

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

/** A message that will never be sent. */
export type GivenUp = Pick<StoredMessage, 'topic' | 'sha256'>;

export interface OutboxOptions {
  readonly maxBytes: number;
  /** A message was set aside, for its bytes are not those that were written. */
  onSpoilt?(message: GivenUp): void;
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

interface Sums {
  readonly bytes: number;
  readonly depth: number;
  /** Of what is kept, which is in neither of these. */
  readonly keptBytes: number;
}

export class Outbox {
  readonly #store: AgentStore;
  #options: OutboxOptions;
  #sums: Sums = { bytes: 0, depth: 0, keptBytes: 0 };
  /** What the sums are of. */
  #counted: DatabaseSync | null = null;
  #evicted = 0;

  constructor(store: AgentStore, options: OutboxOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Where it is at present, counted. */
  get #database(): DatabaseSync {
    const { database } = this.#store;
    if (database !== this.#counted) {
      const sums = `SELECT count(*) FILTER (WHERE kind != 'kept') AS depth,
         coalesce(sum(length(payload)) FILTER (WHERE kind != 'kept'), 0) AS bytes,
         coalesce(sum(length(payload)) FILTER (WHERE kind = 'kept'), 0) AS keptBytes FROM outbox`;
      this.#sums = database.prepare(sums).get() as unknown as Sums;
      this.#counted = database;
    }
    return database;
  }

  /** Counts from the next message on. */
  set maxBytes(maxBytes: number) {
    this.#options = { ...this.#options, maxBytes };
  }

  /** Where the messages are at present: another once the disk cannot be written, can be again, or has been begun anew. */
  get place(): object {
    return this.#database;
  }

  /** Messages not yet acknowledged. */
  get depth(): number {
    void this.#database;
    return this.#sums.depth;
  }
  get bytes(): number {
    void this.#database;
    return this.#sums.bytes;
  }
  /** Of files that are kept until they are asked for. */
  get keptBytes(): number {
    void this.#database;
    return this.#sums.keptBytes;
  }
  /** Of what somebody has asked for and the gateway does not have yet. */
  get askedBytes(): number {
    const query =
      "SELECT coalesce(sum(length(payload)), 0) AS bytes FROM outbox INDEXED BY outbox_kind WHERE kind = 'asked'";
    return this.#store.read(() => (this.#database.prepare(query).get() as { bytes: number }).bytes);
  }
  /** Messages given up since start because the outbox was full. */
  get evicted(): number {
    return this.#evicted;
  }
  get deadLetters(): number {
    const letters = 'SELECT count(*) AS n FROM dead_letter';
    return this.#store.read(() => (this.#database.prepare(letters).get() as { n: number }).n);
  }

  /** All of the work on the database or none of it; what changes the outbox belongs in here. Throws what the work throws. */
  atomically<T>(work: () => T): T {
    const database = this.#database;
    const before = [this.#sums, this.#evicted] as const;
    const reset = (): void => {
      [this.#sums, this.#evicted] = before;
      if (this.#store.database !== database) this.#counted = null;
    };
    try {
      return this.#store.transaction(() => {
        reset();
        return work();
      });
    } catch (error) {
      reset();
      throw error;
    }
  }

  /** Returns what was given up for it. */
  add(message: Message, nowMs: number): readonly GivenUp[] {
    this.#database
      .prepare('INSERT INTO outbox (topic, payload, sha256, kind, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(message.topic, message.payload, sha256(message.payload), message.kind, nowMs);
    this.#count(message.kind, 1, message.payload.byteLength);
    return this.#evict();
  }

  /** The file that goes to this topic; null when it is not here. */
  find(topic: string, hash: string): (Pick<Row, 'id' | 'kind'> & { readonly bytes: number }) | null {
    const query =
      'SELECT id, kind, length(payload) AS bytes FROM outbox WHERE sha256 = ? AND topic = ? LIMIT 1';
    const row = this.#store.read(() => this.#database.prepare(query).get(hash, topic));
    return (row as ReturnType<Outbox['find']> | undefined) ?? null;
  }

  /** A file goes before other evidence from now on, and is not kept any more. Returns its number; null when it is not here. */
  ask(topic: string, hash: string): number | null {
    const row = this.find(topic, hash);
    if (row === null) return null;
    this.#database.prepare("UPDATE outbox SET kind = 'asked' WHERE id = ?").run(row.id);
    this.#count(row.kind, -1, -row.bytes);
    this.#count('asked', 1, row.bytes);
    return row.id;
  }

  /** The oldest messages after one, in order; what is not what was written is set aside. */
  after(id: number, limit: number): readonly StoredMessage[] {
    return this.#whole(() => this.#read('WHERE id > ? ORDER BY id LIMIT ?', id, limit));
  }

  #whole(read: () => readonly Row[]): readonly Row[] {
    for (;;) {
      const rows = read();
      const strange = rows.filter((row) => sha256(row.payload) !== row.sha256);
      if (strange.length === 0) return rows;
      this.atomically(() => {
        for (const row of strange) this.#setAside(row, 'it is not on disk as it was written', Date.now());
      });
      for (const row of strange) this.#options.onSpoilt?.(row);
    }
  }

  /** The oldest after that one of these kinds; null when there is none. */
  next(kinds: readonly MessageKind[], id: number): StoredMessage | null {
    // Else SQLite reads through every clip that was added before.
    const which = `INDEXED BY outbox_kind WHERE kind IN (${kinds.map(() => '?').join(', ')}) AND id > ? ORDER BY id LIMIT 1`;
    return this.#whole(() => this.#read(which, ...kinds, id))[0] ?? null;
  }

  /** Whether there is a message of that kind. */
  holds(kind: MessageKind): boolean {
    const query = 'SELECT 1 FROM outbox INDEXED BY outbox_kind WHERE kind = ? LIMIT 1';
    return this.#store.read(() => this.#database.prepare(query).get(kind)) !== undefined;
  }

  /** Which bytes of the message the gateway has already. */
  progress(id: number): readonly Range[] {
    const query = 'SELECT ranges FROM outbox_progress WHERE id = ?';
    const row = this.#store.read(() => this.#database.prepare(query).get(id)) as
      | { ranges: string }
      | undefined;
    return row === undefined ? [] : (JSON.parse(row.ranges) as readonly Range[]);
  }

  /** Nothing, when the message has gone. */
  setProgress(id: number, ranges: readonly Range[]): void {
    this.#database
      .prepare(
        `INSERT INTO outbox_progress (id, ranges) SELECT id, ? FROM outbox WHERE id = ?
         ON CONFLICT (id) DO UPDATE SET ranges = excluded.ranges`,
      )
      .run(JSON.stringify(ranges), id);
  }

  has(id: number, hash: string): boolean {
    const query = 'SELECT 1 FROM outbox WHERE id = ? AND sha256 = ?';
    return this.#store.read(() => this.#database.prepare(query).get(id, hash)) !== undefined;
  }

  get(id: number): StoredMessage | null {
    return this.#read('WHERE id = ?', id)[0] ?? null;
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
    if (message !== null) this.#setAside(message, reason, nowMs);
    return message;
  }

  #setAside(message: StoredMessage, reason: string, nowMs: number): void {
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
      .run(MAX_DEAD_LETTERS, this.#options.maxBytes / DEAD_LETTERS_PART);
  }

  /** Of the message that was added last of those that are there; 0: there is none. */
  get lastId(): number {
    return this.#idBy('SELECT MAX(id) AS id FROM outbox') ?? 0;
  }

  /** Of the oldest message with this payload. */
  idOf(hash: string): number | null {
    return this.#idBy('SELECT id FROM outbox WHERE sha256 = ? ORDER BY id LIMIT 1', hash);
  }

  #idBy(query: string, ...values: string[]): number | null {
    const row = this.#store.read(() => this.#database.prepare(query).get(...values));
    return (row?.id as number | null | undefined) ?? null;
  }

  #oldest(hash: string): StoredMessage | null {
    return this.#read('WHERE sha256 = ? ORDER BY id LIMIT 1', hash)[0] ?? null;
  }

  #read(which: string, ...values: (string | number)[]): readonly Row[] {
    const query = `SELECT id, topic, payload, sha256, kind FROM outbox ${which}`;
    return this.#store.read(() => this.#database.prepare(query).all(...values) as unknown as readonly Row[]);
  }

  #delete({ id, kind, payload }: StoredMessage): void {
    this.#database.prepare('DELETE FROM outbox WHERE id = ?').run(id);
    this.#count(kind, -1, -payload.byteLength);
  }

  #count(kind: MessageKind, messages: number, bytes: number): void {
    const sums = this.#sums;
    this.#sums =
      kind === 'kept'
        ? { ...sums, keptBytes: sums.keptBytes + bytes }
        : { ...sums, depth: sums.depth + messages, bytes: sums.bytes + bytes };
  }

  #evict(): readonly GivenUp[] {
    const gone: GivenUp[] = [];
    const { maxBytes } = this.#options;
    const most = this.#store.isInMemory ? Math.min(maxBytes, MEMORY_BYTES) : maxBytes;
    for (const kind of ['kept', 'clip', 'picture', 'asked'] as const) {
      while (this.#sums.bytes + this.#sums.keptBytes > most) {
        const oldest = this.#database
          .prepare(
            'SELECT id, topic, sha256, length(payload) AS bytes FROM outbox WHERE kind = ? ORDER BY id LIMIT 1',
          )
          .get(kind) as (GivenUp & { id: number; bytes: number }) | undefined;
        if (oldest === undefined) break;
        this.#database.prepare('DELETE FROM outbox WHERE id = ?').run(oldest.id);
        this.#count(kind, -1, -oldest.bytes);
        this.#evicted++;
        gone.push({ topic: oldest.topic, sha256: oldest.sha256 });
      }
    }
    return gone;
  }
}
