/** Where entries outlive the page: this browser's IndexedDB, or memory where it has none to give. */
import { openDB } from 'idb';
import type { Entry } from './entry.ts';

export interface Storage {
  /** Whether what is kept is still there when the page is opened again. */
  readonly lasting: boolean;
  all(): Promise<readonly Entry[]>;
  save(entry: Entry): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

const NAME = 'roadwatch-outbox';
const STORE = 'verdicts';

/** Throws when the browser gives none: forbidden by its settings, a private window, a broken profile. */
export async function browserStorage(): Promise<Storage> {
  const db = await openDB<{ [STORE]: { key: string; value: Entry } }>(NAME, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore(STORE, { keyPath: 'key' });
    },
    // A newer page wants another version: it gets it, and this one goes on in memory.
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
  });
  return {
    lasting: true,
    all: () => db.getAll(STORE),
    save: async (entry) => {
      // What is given is on the disk, not on its way to it, before it counts as kept; the rest the gateway knows, too.
      const durability = entry.attempted ? 'relaxed' : 'strict';
      const transaction = db.transaction(STORE, 'readwrite', { durability });
      await Promise.all([transaction.store.put(entry), transaction.done]);
    },
    remove: async (keys) => {
      const transaction = db.transaction(STORE, 'readwrite');
      await Promise.all([...keys.map((key) => transaction.store.delete(key)), transaction.done]);
    },
  };
}

export function memoryStorage(entries: readonly Entry[]): Storage {
  const kept = new Map(entries.map((entry) => [entry.key, entry]));
  return {
    lasting: false,
    all: async () => [...kept.values()],
    save: async (entry) => {
      kept.set(entry.key, entry);
    },
    remove: async (keys) => {
      for (const key of keys) kept.delete(key);
    },
  };
}
