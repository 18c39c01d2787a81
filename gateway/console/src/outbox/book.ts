/**
 * The entries of this browser as this page knows them, and as they are kept. What other tabs have kept comes by `read`; what this one
 * has said and is still being written wins over it.
 */
import { beyondKept, type Entry, inOrder } from './entry.ts';
import { memoryStorage, type Storage } from './storage.ts';

export class Book {
  entries: readonly Entry[] = [];
  #storage: Storage;
  readonly #unsaved = new Map<string, Entry>();
  readonly #changed: () => void;

  /** `changed`: called when `entries` or `lasting` have changed. */
  constructor(storage: Storage, changed: () => void) {
    this.#storage = storage;
    this.#changed = changed;
  }

  /** Whether entries are still there when the page is opened again. */
  get lasting(): boolean {
    return this.#storage.lasting;
  }

  /** It counts at once; resolves when it is kept. */
  async put(entry: Entry): Promise<void> {
    this.#unsaved.set(entry.key, entry);
    this.#become([...this.entries.filter(({ key }) => key !== entry.key), entry]);
    await this.#kept((storage) => storage.save(entry));
    if (this.#unsaved.get(entry.key) === entry) this.#unsaved.delete(entry.key);
    const old = beyondKept(this.entries);
    if (old.length > 0) await this.drop(old);
  }

  async drop(entries: readonly Entry[]): Promise<void> {
    const keys = new Set(entries.map(({ key }) => key));
    for (const key of keys) this.#unsaved.delete(key);
    this.#become(this.entries.filter(({ key }) => !keys.has(key)));
    await this.#kept((storage) => storage.remove([...keys]));
  }

  /** What all tabs of this browser have kept. */
  async read(): Promise<void> {
    await this.#kept(async (storage) => {
      const known = new Map(this.entries.map((entry) => [entry.key, entry]));
      const kept = (await storage.all()).map((entry) => {
        const own = known.get(entry.key);
        return own !== undefined && isSame(own, entry) ? own : entry;
      });
      const all = new Map([...kept, ...this.#unsaved.values()].map((entry) => [entry.key, entry]));
      const news =
        all.size !== this.entries.length || [...all.values()].some((each) => known.get(each.key) !== each);
      if (news) this.#become(all.values());
    });
  }

  /** A storage that fails, since the disk is full or the browser has thrown it away, is left for memory, with all that is known. */
  async #kept(work: (storage: Storage) => Promise<void>): Promise<void> {
    try {
      await work(this.#storage);
    } catch {
      this.#storage = memoryStorage(this.entries);
      this.#unsaved.clear();
      this.#changed();
    }
  }

  #become(entries: Iterable<Entry>): void {
    this.entries = inOrder(entries);
    this.#changed();
  }
}

function isSame(a: Entry, b: Entry): boolean {
  return a.attempted === b.attempted && a.settledAt === b.settledAt;
}
