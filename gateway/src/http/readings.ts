/**
 * Who has looked at which picture or clip, for the audit. A page of the queue shows dozens and browsers ask for parts of a clip, so a
 * person's looks at one piece within a quarter of an hour are one entry, and what is looked at within a second is written together,
 * after the answer: a store that cannot be written at the moment keeps nobody from seeing damage. What is not written is tried again.
 */

import { type Log, limitWarnings, OutageLog, type Say } from '@roadwatch/common';
import { type Actor, authorOf } from '../identity/actor.ts';
import type { Store } from '../store/database.ts';

const AGAIN_MS = 15 * 60_000;
const GATHER_MS = 1_000;
const RETRY_MS = 10_000;
/** The oldest are forgotten, and then written once more. */
const MAX_REMEMBERED = 20_000;
/** While the store cannot be written; what is over is told in the log. */
const MAX_WAITING = 5_000;

interface Reading {
  readonly actor: Actor;
  readonly sha256: string;
}

export class Readings {
  readonly #store: Store;
  readonly #outage: OutageLog;
  readonly #drop: Say;
  readonly #seen = new Map<string, number>();
  #waiting: Reading[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, log: Log) {
    this.#store = store;
    this.#outage = new OutageLog(log, { failed: 'readings not written; tried again' });
    this.#drop = limitWarnings(log);
  }

  add(actor: Actor, sha256: string): void {
    const key = `${actor.name} ${actor.source ?? ''} ${sha256}`;
    const now = this.#store.steady();
    if (now - (this.#seen.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    this.#seen.delete(key);
    this.#seen.set(key, now);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MAX_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push({ actor, sha256 });
    else this.#drop({ actor: actor.name, sha256 }, 'a reading is not in the audit');
    this.#timer ??= setTimeout(() => this.#write(), GATHER_MS);
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    if (this.#timer !== null) this.#write();
    await this.#writing;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const readings = this.#waiting;
    this.#waiting = [];
    this.#writing = this.#writing
      .then(() =>
        this.#store.transaction(async (tx) => {
          for (const { actor, sha256 } of readings)
            tx.audit({ ...authorOf(actor), action: 'evidence.read', subject: `evidence:${sha256}` });
        }),
      )
      .then(() => this.#outage.works())
      .catch((error: Error) => {
        this.#outage.failed(error.message);
        this.#waiting = [...readings, ...this.#waiting].slice(0, MAX_WAITING);
        this.#timer ??= setTimeout(() => this.#write(), RETRY_MS);
      });
  }
}
