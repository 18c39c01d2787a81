/**
 * The verdicts given in this browser, on their way to the gateway: kept until it has answered, sent in the order of the keys, under
 * the name of who gave them only. A closed tab, an ended session, a gateway that is away or an answer that is lost delay them.
 */
import type { User } from '@roadwatch/contract/api';
import { v7 as newKey } from 'uuid';
import type { Api } from '../shared/api/api.ts';
import type { Problem } from '../shared/api/problem.ts';
import { Book } from './book.ts';
import { deliver } from './deliver.ts';
import {
  alertsOf,
  type Decision,
  type Entry,
  isTooOld,
  isWaiting,
  MOST_WAITING,
  type Subject,
  subjectOf,
  waitingOf,
} from './entry.ts';
import { exclusive } from './exclusive.ts';
import { browserStorage, memoryStorage } from './storage.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;

/** What is shown of it. */
export interface OutboxView {
  /** The oldest first. */
  readonly entries: readonly Entry[];
  /** Whether what waits outlives this page. */
  readonly lasting: boolean;
  /** Why the first that waits could not be sent the last time. */
  readonly problem: Problem | null;
}

export class Outbox {
  view: OutboxView = { entries: [], lasting: true, problem: null };
  readonly #api: Pick<Api, 'alerts' | 'session' | 'now'>;
  readonly #listeners = new Set<() => void>();
  readonly #tabs = new BroadcastChannel('roadwatch-outbox');
  #book = new Book(memoryStorage([]), () => this.#show());
  /** Resolves once it is known what the browser has kept. */
  readonly #opened: Promise<void>;
  #user: User | null = null;
  #problem: Problem | null = null;
  #sending = false;
  #asked = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(api: Pick<Api, 'alerts' | 'session' | 'now'>) {
    this.#api = api;
    this.#opened = this.#open();
    // The tab that was given a verdict may be closed before it is sent.
    this.#tabs.onmessage = () => void this.#book.read().then(() => this.#send());
  }

  /** Returns how not to listen any more. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What waits is sent while its giver is signed in; null: nobody is. */
  signedIn(user: User | null): void {
    this.#user = user;
    this.wake();
  }

  /** Returns the entry, or null when so many wait that no more are taken. */
  give(alert: Subject, decision: Decision): Entry | null {
    return this.#give(subjectOf(alert), decision);
  }

  /** Takes a verdict back: one that has not been sent yet is not, for another the gateway is asked. Returns null as `give` does. */
  takeBack(entry: Entry): Entry | null {
    const { alertId, damageClass, where } = entry;
    if (!isWaiting(entry) || entry.attempted) {
      const alerts = entry.decision.kind === 'reject_many' ? { alerts: alertsOf(entry) } : {};
      return this.#give({ alertId, damageClass, where }, { kind: 'undo', of: entry.key, ...alerts });
    }
    const withdrawn = { ...entry, outcome: { kind: 'withdrawn' }, settledAt: this.#api.now() } as const;
    void this.#put(withdrawn);
    return withdrawn;
  }

  #give(subject: ReturnType<typeof subjectOf>, decision: Decision): Entry | null {
    const { view } = this;
    const user = this.#user;
    if (user === null || view.entries.filter(isWaiting).length >= MOST_WAITING) return null;
    const entry: Entry = {
      key: newKey(),
      by: { id: user.id, username: user.username },
      ...subject,
      decision,
      givenAt: this.#api.now(),
      settledAt: null,
      attempted: false,
      outcome: null,
    };
    void this.#put(entry).then(() => this.#send());
    return entry;
  }

  /** What waits under that name is not sent any more. */
  async discard(userId: string): Promise<void> {
    await this.#book.drop(waitingOf(this.view.entries, userId));
    this.#tabs.postMessage('changed');
  }

  /** The gateway may be there again. */
  wake(): void {
    this.#retryMs = FIRST_RETRY_MS;
    void this.#send();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#user = null;
    this.#tabs.close();
  }

  async #open(): Promise<void> {
    const storage = await browserStorage().catch(() => memoryStorage([]));
    const early = this.#book.entries;
    this.#book = new Book(storage, () => this.#show());
    for (const entry of early) void this.#book.put(entry);
    await this.#book.read();
    this.#show();
  }

  async #put(entry: Entry): Promise<void> {
    await this.#book.put(entry);
    this.#tabs.postMessage('changed');
  }

  async #send(): Promise<void> {
    clearTimeout(this.#retry);
    this.#asked = true;
    if (this.#sending) return;
    this.#sending = true;
    await this.#opened;
    while (this.#asked) {
      this.#asked = false;
      await exclusive(() => this.#sendWaiting());
    }
    this.#sending = false;
  }

  async #sendWaiting(): Promise<void> {
    // Another tab may have sent some meanwhile.
    await this.#book.read();
    for (let found = this.#next(); found !== null; found = this.#next()) {
      const next = { ...found, attempted: true };
      if (!found.attempted) await this.#put(next);
      const attempt = await this.#attempt(next);
      if (attempt.kind === 'again') return this.#later(attempt.problem);
      this.#problem = null;
      this.#retryMs = FIRST_RETRY_MS;
      await this.#put({ ...next, outcome: attempt.outcome, settledAt: this.#api.now() });
    }
    if (this.#problem !== null) {
      this.#problem = null;
      this.#show();
    }
  }

  #next(): Entry | null {
    const user = this.#user;
    return user === null ? null : (waitingOf(this.#book.entries, user.id)[0] ?? null);
  }

  async #attempt(entry: Entry): ReturnType<typeof deliver> {
    if (isTooOld(entry, this.#api.now())) return { kind: 'settled', outcome: { kind: 'expired' } };
    const { decision } = entry;
    if (decision.kind === 'undo') {
      const undone = this.#book.entries.find(({ key }) => key === decision.of);
      // What the gateway never took needs no taking back.
      if (undone?.outcome != null && undone.outcome.kind !== 'stored')
        return { kind: 'settled', outcome: { kind: 'withdrawn' } };
      const left = new Set(undone?.outcome?.kind === 'stored' ? undone.outcome.left : []);
      // What somebody else has judged meanwhile is theirs to take back.
      if (decision.alerts !== undefined)
        return deliver(this.#api.alerts, {
          ...entry,
          decision: { ...decision, alerts: decision.alerts.filter((id) => !left.has(id)) },
        });
    }
    return deliver(this.#api.alerts, entry);
  }

  #later(problem: Problem): void {
    this.#problem = problem;
    this.#show();
    // A session that has ended is not waited for: signing in wakes this up.
    if (problem.code === 'login_needed') return;
    if (problem.code === 'csrf_missing') void this.#api.session.renew();
    this.#retry = setTimeout(() => void this.#send(), this.#retryMs);
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #show(): void {
    this.view = { entries: this.#book.entries, lasting: this.#book.lasting, problem: this.#problem };
    for (const listener of this.#listeners) listener();
  }
}
