/** Known damage on disk, and how it gets there while the agent runs. */
import { steadyMs, steadyOf, thrown, wallMs } from '@roadwatch/common';
import type { Logger } from 'pino';
import type { KnownDamage, KnownDamages } from '../verify/known-damage.ts';
import type { Scene, SceneStore } from './scene.ts';
import type { AgentStore } from './store.ts';

const SAVE_EVERY_MS = 60_000;

export class KnownStore {
  readonly #store: Pick<AgentStore, 'database'>;

  constructor(store: Pick<AgentStore, 'database'>) {
    this.#store = store;
  }

  /** Of one camera, oldest first. */
  load(camera: string): readonly KnownDamage[] {
    return this.#store.database
      .prepare('SELECT record FROM known_damage WHERE camera = ? ORDER BY id')
      .all(camera)
      .map((row) => notToCome(moved(withView(JSON.parse(row.record as string)), steadyOf)));
  }

  /** When that of which evidence is still to be cut was captured. */
  owedMomentsMs(camera: string): readonly number[] {
    return this.load(camera)
      .filter(({ owed = [] }) => owed.length > 0)
      .map(({ capturedAtMs }) => capturedAtMs);
  }

  save(damage: KnownDamage): void {
    this.#store.database
      .prepare(
        'INSERT INTO known_damage (id, camera, record) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
      )
      .run(damage.id, damage.camera, JSON.stringify(moved(damage, wallMs)));
  }

  /** Saves it if it is there: what has been cleared must not come back. */
  touch(damage: KnownDamage): void {
    this.#store.database
      .prepare('UPDATE known_damage SET record = ? WHERE id = ?')
      .run(JSON.stringify(moved(damage, wallMs)), damage.id);
  }

  /** With what was told as a part of it. */
  remove(id: string): void {
    this.#store.database
      .prepare("DELETE FROM known_damage WHERE id = ? OR record ->> '$.partOf' = ?")
      .run(id, id);
  }
}

/** Of a camera that sees: what it knows by now. */
interface Learner {
  readonly known: Pick<KnownDamages, 'all'>;
  /** Null when nothing of the street has changed since the last call. */
  takeScene(): Scene | null;
}

interface KnownSavingOptions {
  /** By camera. */
  readonly learners: ReadonlyMap<string, Learner>;
  readonly knownStore: KnownStore;
  readonly sceneStore: SceneStore;
  /** Runs the work in one transaction. */
  atomically(work: () => void): void;
}

/** When damage was last seen, and how its street looks, is saved every minute and at the end. */
export class KnownSaving {
  readonly #options: KnownSavingOptions;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: KnownSavingOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => this.#save(), SAVE_EVERY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#save();
  }

  /** At once, of a camera that ends before the others. */
  save(camera: string, learner: Learner): void {
    this.#save(new Map([[camera, learner]]));
  }

  #save(learners: ReadonlyMap<string, Learner> = this.#options.learners): void {
    const { knownStore, sceneStore, atomically } = this.#options;
    const scenes = [...learners].map(([camera, learner]) => ({ camera, scene: learner.takeScene() }));
    try {
      atomically(() => {
        for (const { known } of learners.values()) for (const damage of known.all) knownStore.touch(damage);
        for (const { camera, scene } of scenes) if (scene !== null) sceneStore.save(camera, scene);
      });
    } catch (error) {
      this.#log.error(thrown(error), 'known damage not written to disk');
    }
  }
}

/** Older agents did not note it. */
function withView(record: Omit<KnownDamage, 'view'> & Partial<Pick<KnownDamage, 'view'>>): KnownDamage {
  return { ...record, view: record.view ?? null };
}

/** On disk times are the wall clock's, for the next start counts from another moment. */
function moved(damage: KnownDamage, to: (ms: number) => number): KnownDamage {
  return {
    ...damage,
    firstSeenAtMs: to(damage.firstSeenAtMs),
    verifiedAtMs: to(damage.verifiedAtMs),
    lastSeenAtMs: to(damage.lastSeenAtMs),
    capturedAtMs: to(damage.capturedAtMs),
    publishedAtMs: to(damage.publishedAtMs),
  };
}

/**
 * What a wall clock wrote that was ahead, and has been put right since, must not last until that time comes: nothing would be seen
 * later than it, or grow.
 */
function notToCome(damage: KnownDamage): KnownDamage {
  const nowMs = steadyMs();
  return moved(damage, (ms) => Math.min(ms, nowMs));
}
