/**
 * Failed logins on their way into the audit: gathered for a second and counted by name, so that neither a guesser fills the audit
 * nor the time that writing takes tells which names there are. Names that nobody has are counted together and not kept: people
 * type their password there.
 */
import { type Log, OutageLog } from '@roadwatch/common';
import type { Store } from '../store/database.ts';
import { type Actor, authorOf } from './actor.ts';

const GATHER_MS = 1_000;

interface Failures {
  readonly by: Actor;
  readonly failures: number;
}

export class FailedLogins {
  readonly #store: Store;
  readonly #outage: OutageLog;
  #counts = new Map<string, Failures>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, log: Log) {
    this.#store = store;
    this.#outage = new OutageLog(log, { failed: 'failed logins not written' });
  }

  add(by: Actor): void {
    const key = `${by.name} ${by.source ?? ''}`;
    this.#counts.set(key, { by, failures: (this.#counts.get(key)?.failures ?? 0) + 1 });
    this.#timer ??= setTimeout(() => this.#write(), GATHER_MS);
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    if (this.#timer !== null) this.#write();
    await this.#writing;
  }

  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    this.#writing = this.#writing
      .then(() =>
        this.#store.transaction(async (tx) => {
          for (const { by, failures } of counts)
            tx.audit({ ...authorOf(by), action: 'login.failed', subject: by.name, after: { failures } });
        }),
      )
      .then(() => this.#outage.works())
      .catch((error: Error) => this.#outage.failed(error.message));
  }
}
