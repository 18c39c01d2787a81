/**
 * The city's settings as they are now, by the newest versions in the store: whoever changes one, at whichever gateway, it counts at
 * all of them at once.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';
import { type City, cityOf, type Lost } from './city.ts';
import { type Documents, parseDocument, SETTINGS_SECTIONS, type SettingsSection } from './documents.ts';
import { seedSettings } from './seed.ts';
import { type Heads, headsOf, versionOf } from './versions.ts';

export class Settings {
  /** The file's, with the city's settings of now in place of its own: they must be read anew each time, and never kept. */
  readonly config: Config;
  readonly #store: Store;
  readonly #file: Config;
  readonly #log: Logger;
  #heads: Heads = new Map();
  #documents: Documents | null = null;
  #city: City;
  #reading: Promise<void> | null = null;
  #again = false;
  #told = '';

  /** Takes over what the file says where the store has nothing yet. */
  static async open(store: Store, file: Config, log: Logger): Promise<Settings> {
    await seedSettings(store, file, log);
    return Settings.read(store, file, log);
  }

  /** Changes nothing: where the store has no settings, those of the file count. */
  static async read(store: Store, file: Config, log: Logger): Promise<Settings> {
    const settings = new Settings(store, file, log);
    await settings.refresh();
    return settings;
  }

  private constructor(store: Store, file: Config, log: Logger) {
    this.#store = store;
    this.#file = file;
    this.#log = log;
    this.#city = file;
    this.config = liveConfig(file, () => this.#city);
  }

  /** Until the returned function is called. */
  follow(changes: ChangeFeed): () => void {
    return changes.listen(({ kind }) => {
      // What fails now is read again by the next tick.
      if (kind === 'settings') void this.refresh().catch(() => {});
    });
  }

  /** Goes by what the store has by now; resolves once it does. */
  async refresh(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const heads = await headsOf(this.#store.db);
      if (!SETTINGS_SECTIONS.every((section) => heads.has(section))) return;
      if (SETTINGS_SECTIONS.every((section) => heads.get(section) === this.#heads.get(section))) continue;
      const documents = { ...this.#documents } as Record<SettingsSection, unknown>;
      for (const section of SETTINGS_SECTIONS) {
        const version = heads.get(section) as number;
        if (version === this.#heads.get(section)) continue;
        documents[section] = parseDocument(
          section,
          (await versionOf(this.#store.db, section, version)).document,
        );
      }
      const { city, lost } = await cityOf(this.#store, this.#file, {
        heads,
        documents: documents as unknown as Documents,
      });
      this.#documents = documents as unknown as Documents;
      this.#city = city;
      this.#heads = heads;
      this.#tellLost(lost);
    }
  }

  #tellLost({ units, operations }: Lost): void {
    const told = JSON.stringify([units, operations]);
    if (told === this.#told) return;
    this.#told = told;
    if (units.length > 0)
      this.#log.error(
        { units },
        'secrets of units cannot be read with the key file that is here: they work on the desk until the secrets are entered again',
      );
    if (operations)
      this.#log.error(
        "the secret of the maintainers' system cannot be read with the key file that is here: it is told nothing until the secret is entered again",
      );
  }
}

function liveConfig(file: Config, city: () => City): Config {
  return {
    ...file,
    get areas() {
      return city().areas;
    },
    get calendar() {
      return city().calendar;
    },
    get clocks() {
      return city().clocks;
    },
    get defaultUnit() {
      return city().defaultUnit;
    },
    get open311() {
      return city().open311;
    },
    get operations() {
      return city().operations;
    },
    get retention() {
      return city().retention;
    },
    get units() {
      return city().units;
    },
  };
}
