/**
 * The store: reads beside the one place where anything is written, `transaction`, which also commits the audit entries and the
 * changes that belong to what was written.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivate, steadyMs } from '@roadwatch/common';
import { Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import { type Logger, pino } from 'pino';
import { type AuditEntry, appendAudit, checkAuditKey } from './audit/chain.ts';
import { KeyRing } from './audit/key-ring.ts';
import { appendChanges, type Change } from './changes.ts';
import { migrate } from './migrations/migrate.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';
import type { Tables } from './tables/index.ts';
import { troubleOf } from './trouble.ts';
import { WriteHealth } from './write-health.ts';

const ATTEMPTS = 5;

/** Where work in one transaction is begun: the store, or a transaction that it then is a part of. */
export interface Transactions {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface StoreOptions {
  /** Holds the SQLite file unless `url` is given. */
  readonly dataDir: string;
  readonly url?: string;
  /** Holds the keys of the audit; left out, `audit-key` in `dataDir`, made when it is not there. */
  readonly auditKeyFile?: string;
  /** The present instant in milliseconds. */
  readonly now?: () => number;
  readonly log?: Logger;
  readonly onError?: (error: Error) => void;
  /** Called with the steps that a newer gateway has taken and that this one can live with. */
  readonly onNewer?: (steps: readonly string[]) => void;
}

export class Tx implements Transactions {
  readonly db: Transaction<Tables>;
  readonly at: number;
  readonly auditKeys: KeyRing;
  readonly #locks: boolean;
  readonly #audit: AuditEntry[] = [];
  readonly #changes = new Map<string, Change>();

  constructor(db: Transaction<Tables>, at: number, locks: boolean, auditKeys: KeyRing) {
    this.db = db;
    this.at = at;
    this.auditKeys = auditKeys;
    this.#locks = locks;
  }

  /** What would begin a transaction of its own is a part of this one. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return work(this);
  }

  audit(entry: AuditEntry): void {
    this.#audit.push(entry);
  }

  /** Whether something is told of that already. */
  hasChanged({ kind, subject }: Pick<Change, 'kind' | 'subject'>): boolean {
    return this.#changes.has(`${kind}:${subject}`);
  }

  /** The last change told of one thing counts. */
  changed(change: Change): void {
    const key = `${change.kind}:${change.subject}`;
    this.#changes.delete(key);
    this.#changes.set(key, change);
  }

  /** Reads rows so that no other transaction changes them before this one ends; SQLite has one writer anyway. */
  locked<Table extends keyof Tables, Output>(
    query: SelectQueryBuilder<Tables, Table, Output>,
  ): SelectQueryBuilder<Tables, Table, Output> {
    return this.#locks ? query.forUpdate() : query;
  }

  /**
   * As `locked`, leaving out the rows that another transaction holds: replicas share the work instead of waiting. Of a join the rows of
   * one table can be named.
   */
  lockedOrSkipped<Table extends keyof Tables, Output>(
    query: SelectQueryBuilder<Tables, Table, Output>,
    of?: Table,
  ): SelectQueryBuilder<Tables, Table, Output> {
    return this.#locks ? query.forUpdate(of).skipLocked() : query;
  }

  /** Whether no other transaction has this name until this one ends; SQLite has one writer anyway. */
  async alone(name: string): Promise<boolean> {
    if (!this.#locks) return true;
    const { rows } = await sql<{ got: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as got`.execute(this.db);
    return rows[0]?.got === true;
  }

  /** Always in this order, so that no two transactions wait for each other. Returns whether there was a change. */
  async flush(): Promise<boolean> {
    await appendAudit(this.db, this.auditKeys, this.#audit, this.at);
    await appendChanges(this.db, [...this.#changes.values()], this.at);
    return this.#changes.size > 0;
  }
}

export class Store implements Transactions {
  readonly kind: 'sqlite' | 'postgres';
  /** For reading outside transactions. */
  readonly db: Kysely<Tables>;
  readonly now: () => number;
  /** For what lasts while this process runs. */
  readonly steady: () => number;
  readonly auditKeys: KeyRing;
  /** Whether it can be written at present. */
  readonly health: WriteHealth;
  readonly #writer: Kysely<Tables>;
  /** Null for PostgreSQL. */
  readonly #file: string | null;
  readonly #listeners = new Set<() => void>();

  /** Opens the store and brings it to the newest shape. */
  static async open(options: StoreOptions): Promise<Store> {
    const store = new Store(options);
    try {
      const newer = await migrate(store.#writer, store.now());
      if (newer.length > 0) options.onNewer?.(newer);
      await sql`select 1`.execute(store.db);
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  private constructor(options: StoreOptions) {
    this.now = options.now ?? Date.now;
    this.steady = options.now ?? steadyMs;
    this.health = new WriteHealth(options.log ?? pino({ level: 'silent' }), this.steady);
    this.auditKeys = new KeyRing(
      options.auditKeyFile ?? join(options.dataDir, 'audit-key'),
      options.auditKeyFile === undefined,
    );
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    if (options.url !== undefined) {
      this.kind = 'postgres';
      this.#writer = new Kysely<Tables>({
        dialect: postgresDialect(options.url, options.onError ?? (() => {})),
      });
      this.db = this.#writer;
      this.#file = null;
      return;
    }
    this.kind = 'sqlite';
    const file = join(options.dataDir, 'gateway.sqlite');
    this.#file = file;
    // SQLite gives its other files the rights of this one.
    makePrivate(file);
    this.#writer = new Kysely<Tables>({ dialect: sqliteDialect(file) });
    this.db = new Kysely<Tables>({ dialect: sqliteDialect(file, { readOnly: true }) });
  }

  /**
   * Runs `work` in one transaction, again when the database gave it up for another's sake; it must not touch anything but
   * the transaction. Returns once it is durable. Throws StoreTrouble when the store cannot be written at present.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const [result, changed] = await this.#writer.transaction().execute(async (db) => {
          const tx = new Tx(db, this.now(), this.kind === 'postgres', this.auditKeys);
          const value = await work(tx);
          return [value, await tx.flush()] as const;
        });
        this.health.wrote('store');
        if (changed) for (const listener of this.#listeners) listener();
        return result;
      } catch (error) {
        if (attempt < ATTEMPTS && isContention(error)) continue;
        const trouble = troubleOf(error);
        if (trouble === null) throw error;
        this.health.failed('store', trouble);
        throw trouble;
      }
    }
  }

  /** Reads all as it is at one instant, however long that takes; nobody waits for it. */
  async snapshot<T>(read: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    if (this.#file === null) return this.db.transaction().setIsolationLevel('repeatable read').execute(read);
    // `db` has one connection, and who reads by it would wait until the transaction is over.
    const db = new Kysely<Tables>({ dialect: sqliteDialect(this.#file, { readOnly: true }) });
    try {
      return await db.transaction().execute(read);
    } finally {
      await db.destroy();
    }
  }

  /** Before anything is written: throws AuditKeyError unless the key is the one that seals this store's audit. */
  async claimAuditKey(): Promise<void> {
    await this.transaction((tx) => checkAuditKey(tx.db, this.auditKeys, tx.at));
  }

  /** Calls back after each commit that changed something, until the returned function is called. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.db !== this.#writer) await this.db.destroy();
    await this.#writer.destroy();
  }
}

/** PostgreSQL's serialization_failure, deadlock_detected and unique_violation of a row that came meanwhile. */
function isContention(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === '40001' || code === '40P01' || code === '23505';
}
