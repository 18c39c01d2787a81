/**
 * What the gateway sets of a camera: all of it or nothing, with every reason. Whoever speaks for the gateway may hide more, which holds
 * at once and everywhere, and never less: what a camera may show is for the owner of the box to say, in its configuration.
 */
import {
  type CameraSettings,
  type Command,
  MAX_MASKS,
  masksWithout,
  type NormalizedPolygon,
  type Thresholds,
} from '@roadwatch/contract';
import { cameraProblems } from '../config/camera-checks.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { LiveSessions } from '../live/live-sessions.ts';
import type { CameraPipeline } from '../pipeline/camera-pipeline.ts';
import type { AddedMasks } from '../store/added-masks.ts';
import { type CameraSettingsStore, withSettings } from '../store/camera-settings.ts';
import { CommandRefusal } from './command-refusal.ts';
import type { CommandResult } from './receiver.ts';

export interface ConfigureParts {
  readonly lives: LiveSessions;
  readonly addedMasks: AddedMasks;
  readonly cameraSettings: CameraSettingsStore;
  /** Each camera as the configuration of the box has it. */
  readonly ownConfigs: ReadonlyMap<string, CameraConfig>;
  /** The model's own, by class. */
  modelThresholds(): Thresholds;
}

type ConfigCommand = Extract<Command, { kind: 'config' }>;

export async function configure(
  watch: CameraPipeline,
  { settings, road, masks }: ConfigCommand,
  parts: ConfigureParts,
): Promise<CommandResult> {
  if (settings !== undefined) return applySettings(watch, settings, parts);
  if (road !== undefined)
    throw new CommandRefusal('road_not_settable', 'road: is taken within settings, and not by itself');
  const wanted: readonly NormalizedPolygon[] = masks ?? watch.masks;
  await addMasks(watch, wanted, parts);
  const removed = masksWithout(watch.masks, wanted);
  if (removed.length > 0)
    throw new CommandRefusal(
      'masks_not_removable',
      `masks: ${removed.length} that the camera has are not among those given, and stay; a mask is taken away in the configuration of the box, and nowhere else`,
    );
  return {};
}

/** Nothing is changed before all of it has been found good. */
async function applySettings(
  watch: CameraPipeline,
  { id, masks, ...settings }: CameraSettings & { readonly id: string },
  parts: ConfigureParts,
): Promise<CommandResult> {
  const own = parts.ownConfigs.get(watch.id) as CameraConfig;
  if (!own.takeSettings)
    throw new CommandRefusal(
      'settings_not_taken',
      `settings: camera ${watch.id} has takeSettings: false in the configuration of the box`,
    );
  const laid = withSettings(own, settings);
  const all = [...watch.masks, ...masksWithout(masks, watch.masks)];
  const problems = [
    ...cameraProblems({ ...laid, masks: all }),
    ...thresholdProblems(settings.thresholds, parts.modelThresholds()),
  ];
  if (all.length > MAX_MASKS)
    problems.push(`masks: ${all.length} with those that the camera has; expected ${MAX_MASKS} at most`);
  if (problems.length > 0) throw new CommandRefusal('settings_invalid', problems.join('; '));
  await addMasks(watch, all, parts);
  parts.cameraSettings.save(watch.id, { id, ...settings });
  watch.configure(laid, id);
  return { settings: id };
}

/** The model does not tell of what lies below its own. */
function thresholdProblems(thresholds: Thresholds, own: Thresholds): readonly string[] {
  return Object.entries(thresholds).flatMap(([name, wanted]) => {
    const least = own[name as keyof Thresholds];
    if (least === undefined) return [`thresholds.${name}: the model does not know this class`];
    return wanted >= least
      ? []
      : [`thresholds.${name}: is ${wanted}; expected ${least}, the model's own, or more`];
  });
}

/** Those of `masks` that the camera has not yet. */
async function addMasks(
  watch: CameraPipeline,
  masks: readonly NormalizedPolygon[],
  { lives, addedMasks }: ConfigureParts,
): Promise<void> {
  const added = masksWithout(masks, watch.masks);
  if (watch.masks.length + added.length > MAX_MASKS)
    throw new CommandRefusal(
      'masks_many',
      `masks: a camera has at most ${MAX_MASKS}, and this one has ${watch.masks.length}`,
    );
  if (added.length === 0) return;
  watch.addMasks(added);
  // Its pictures have the masks with which it began.
  await lives.stopCamera(watch.id);
  addedMasks.add(watch.id, added);
}
