/** Known damage on disk. */
import { steadyOf, wallMs } from '@roadwatch/common';
import type { KnownDamage } from '../verify/known-damage.ts';
import type { AgentStore } from './store.ts';

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
      .map((row) => moved(withView(JSON.parse(row.record as string)), steadyOf));
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

  remove(id: string): void {
    this.#store.database.prepare('DELETE FROM known_damage WHERE id = ?').run(id);
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
