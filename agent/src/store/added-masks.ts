/**
 * Privacy masks that the gateway has added to those of the box's own configuration. They outlast a restart, since one that is
 * forgotten is one that is taken away; only the configuration of the box can do that (`keepAddedMasks: false`).
 */
import type { NormalizedPolygon } from '@roadwatch/contract';
import type { CameraConfig } from '../config/schema.ts';
import type { AgentStore } from './store.ts';

export class AddedMasks {
  readonly #store: AgentStore;

  constructor(store: AgentStore) {
    this.#store = store;
  }

  /** Of a camera as its configuration wants them; forgets those that it wants no more. */
  load({ id, keepAddedMasks }: Pick<CameraConfig, 'id' | 'keepAddedMasks'>): readonly NormalizedPolygon[] {
    if (!keepAddedMasks) {
      this.#store.transaction(() => {
        this.#store.database.prepare('DELETE FROM added_mask WHERE camera = ?').run(id);
      });
      return [];
    }
    const rows = this.#store.database.prepare('SELECT polygon FROM added_mask WHERE camera = ?').all(id);
    return rows.map(({ polygon }) => JSON.parse(polygon as string) as NormalizedPolygon);
  }

  add(camera: string, masks: readonly NormalizedPolygon[]): void {
    this.#store.transaction(() => {
      const insert = this.#store.database.prepare(
        'INSERT OR IGNORE INTO added_mask (camera, polygon) VALUES (?, ?)',
      );
      for (const mask of masks) insert.run(camera, JSON.stringify(mask));
    });
  }
}
