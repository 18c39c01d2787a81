/** Tells listeners what has been committed, in the order of the commits, also by other gateways on the same store. */
import { OutageLog } from '@roadwatch/common';
import type { Logger } from 'pino';
import type { Store } from './database.ts';
import type { Tables } from './tables/index.ts';

export type ChangeRow = Tables['changes'];

const BATCH = 500;
/** Other replicas' commits are not announced to us. */
const POLL_MS = 500;
const KEPT = 100_000;

export class ChangeFeed {
  readonly #store: Store;
  readonly #outage: OutageLog;
  readonly #listeners = new Set<(change: ChangeRow) => void>();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;
  #last: number;
  #reading: Promise<void> | null = null;
  #again = false;

  static async start(store: Store, log: Logger): Promise<ChangeFeed> {
    return new ChangeFeed(store, log, await newest(store));
  }

  private constructor(store: Store, log: Logger, last: number) {
    this.#store = store;
    this.#outage = new OutageLog(log, {
      failed: 'changes cannot be read',
      over: 'changes can be read again',
    });
    this.#last = last;
    this.#stopListening = store.onCommit(() => this.#wake());
    this.#timer = setInterval(() => this.#wake(), POLL_MS);
  }

  /** The number of the newest change that listeners have been told. */
  get last(): number {
    return this.#last;
  }

  listen(listener: (change: ChangeRow) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes after a number, oldest first; null when some of them are no longer kept. */
  async since(seq: number): Promise<readonly ChangeRow[] | null> {
    const oldest = await this.#store.db
      .selectFrom('changes')
      .select('seq')
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    if (oldest !== undefined && oldest.seq > seq + 1) return null;
    const rows = await this.#store.db
      .selectFrom('changes')
      .selectAll()
      .where('seq', '>', seq)
      .where('seq', '<=', this.#last)
      .orderBy('seq')
      .limit(BATCH * 4 + 1)
      .execute();
    return rows.length > BATCH * 4 ? null : rows;
  }

  async stop(): Promise<void> {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#listeners.clear();
    await this.#reading;
  }

  #wake(): void {
    this.#again = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
  }

  async #read(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const rows = await this.#store.db
          .selectFrom('changes')
          .selectAll()
          .where('seq', '>', this.#last)
          .orderBy('seq')
          .limit(BATCH)
          .execute();
        for (const row of rows) {
          this.#last = row.seq;
          for (const listener of this.#listeners) listener(row);
        }
        if (rows.length === BATCH) this.#again = true;
        this.#outage.works();
      } catch (error) {
        this.#outage.failed((error as Error).message);
      }
    }
  }
}

/** Forgets all but the newest; a browser that was away for longer loads everything anew. */
export async function trimChanges(store: Store): Promise<void> {
  const last = await newest(store);
  await store.transaction(async (tx) => {
    await tx.db
      .deleteFrom('changes')
      .where('seq', '<=', last - KEPT)
      .execute();
  });
}

async function newest(store: Store): Promise<number> {
  const row = await store.db
    .selectFrom('changes')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}
