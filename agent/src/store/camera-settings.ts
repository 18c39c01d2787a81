/**
 * What the gateway has set for cameras, over what the configuration of the box says. It outlasts a restart; `takeSettings: false` in
 * the configuration forgets it. Masks are not among it: they are only ever added, and kept by `AddedMasks`.
 */
import type { CameraSettings } from '@roadwatch/contract';
import { cameraProblems } from '../config/camera-checks.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { AgentStore } from './store.ts';

/** Of one camera, without its masks; `id` names it on the wire. */
export type KeptSettings = Omit<CameraSettings, 'masks'> & { readonly id: string };

export interface LoadedSettings {
  /** As they count: the box's own under what the gateway has set. */
  readonly config: CameraConfig;
  /** Null: nothing is set. */
  readonly id: string | null;
  /** Why what was set counts no more; empty as a rule. */
  readonly dropped: readonly string[];
}

export class CameraSettingsStore {
  readonly #store: AgentStore;

  constructor(store: AgentStore) {
    this.#store = store;
  }

  /** What the box's configuration no longer allows is forgotten. */
  load(config: CameraConfig): LoadedSettings {
    const row = this.#store.database
      .prepare('SELECT record FROM camera_settings WHERE camera = ?')
      .get(config.id);
    if (row === undefined) return { config, id: null, dropped: [] };
    const kept = JSON.parse(row.record as string) as KeptSettings;
    const laid = withSettings(config, kept);
    const dropped = config.takeSettings ? cameraProblems(laid) : ['takeSettings: is false'];
    if (dropped.length === 0) return { config: laid, id: kept.id, dropped };
    this.#store.transaction(() => {
      this.#store.database.prepare('DELETE FROM camera_settings WHERE camera = ?').run(config.id);
    });
    return { config, id: null, dropped };
  }

  save(camera: string, settings: KeptSettings): void {
    this.#store.transaction(() => {
      this.#store.database
        .prepare(
          'INSERT INTO camera_settings (camera, record) VALUES (?, ?) ON CONFLICT (camera) DO UPDATE SET record = excluded.record',
        )
        .run(camera, JSON.stringify(settings));
    });
  }
}

/** What is null in the settings is as the box has it. */
export function withSettings(config: CameraConfig, settings: Omit<CameraSettings, 'masks'>): CameraConfig {
  const { road, minBoxHeight, position, headingDegrees, fieldOfViewDegrees, thresholds } = settings;
  return {
    ...config,
    ...(road === null ? {} : { road }),
    ...(minBoxHeight === null ? {} : { minBoxHeight }),
    ...(position === null ? {} : { position }),
    ...(headingDegrees === null ? {} : { headingDegrees }),
    ...(fieldOfViewDegrees === null ? {} : { fieldOfViewDegrees }),
    thresholds: { ...config.thresholds, ...thresholds },
  };
}
