/** What a camera has learnt of its street, on disk: its views, how the places of damage look, and how sharp it is. */
import type { StoredSharpness } from '../care/usual-sharpness.ts';
import type { StoredView } from '../gate/views.ts';
import type { StoredPlace } from '../verify/place-memory.ts';
import type { AgentStore } from './store.ts';

export interface Scene {
  readonly views: readonly StoredView[];
  readonly places: readonly StoredPlace[];
  /** Left out by older agents. */
  readonly sharpness?: StoredSharpness;
}

export class SceneStore {
  readonly #store: Pick<AgentStore, 'database'>;

  constructor(store: Pick<AgentStore, 'database'>) {
    this.#store = store;
  }

  /** Of one camera; nothing, where nothing can be read. */
  load(camera: string): Scene {
    const row = this.#store.database.prepare('SELECT record FROM scene WHERE camera = ?').get(camera);
    if (row === undefined) return { views: [], places: [] };
    try {
      return JSON.parse(row.record as string, fromBase64) as Scene;
    } catch {
      // It is learnt again.
      return { views: [], places: [] };
    }
  }

  save(camera: string, scene: Scene): void {
    this.#store.database
      .prepare(
        'INSERT INTO scene (camera, record) VALUES (?, ?) ON CONFLICT (camera) DO UPDATE SET record = excluded.record',
      )
      .run(camera, JSON.stringify(scene, toBase64));
  }
}

const LOOKS = 'looks';

function toBase64(key: string, value: unknown): unknown {
  if (key !== LOOKS) return value;
  return (value as readonly Uint8Array[]).map((look) => Buffer.from(look).toString('base64'));
}

function fromBase64(key: string, value: unknown): unknown {
  if (key !== LOOKS) return value;
  return (value as readonly string[]).map((look) => new Uint8Array(Buffer.from(look, 'base64')));
}
