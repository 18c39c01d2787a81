/** What is different between two configurations of a box, and what of it a running agent cannot take over. */
import { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Secret } from '@roadwatch/common';
import { sha256 } from '@roadwatch/contract';
import type { ResolvedConfig } from './config.ts';
import type { CameraConfig } from './schema.ts';

/** Keys of the file; whatever is not among them, a running agent takes over. */
const NEED_RESTART = [
  ...(['site', 'agent', 'dataDir', 'model', 'mqtt', 'gateway', 'inference', 'health'] as const),
  ...(['ring.dir', 'updates.keyFiles', 'updates.allowUnsigned', 'updates.packages'] as const),
] as const;

/** What of a camera can be another while it goes on streaming. Masks can while they only become more. */
const LIVE = [
  ...(['name', 'position', 'headingDegrees', 'fieldOfViewDegrees', 'road', 'masks', 'minBoxHeight'] as const),
  ...(['thresholds', 'takeSettings', 'keepAddedMasks'] as const),
] as const satisfies readonly (keyof CameraConfig)[];

/** One sentence for each key that counts at the next start only. */
export function restartProblems(before: ResolvedConfig, after: ResolvedConfig): readonly string[] {
  const changed = NEED_RESTART.flatMap((key) => differing(key, valueAt(before, key), valueAt(after, key)));
  const problems = changed.map(
    (key) => `${key}: cannot be changed while the agent runs; restart it, or put the former value back`,
  );
  // Its certificate is renewed while the agent runs.
  if (before.identity?.key !== after.identity?.key)
    problems.push('dataDir: the box has been paired since the agent started; restart it');
  return problems;
}

/** Whether a running agent has nothing to do. */
export function isSame(before: ResolvedConfig, after: ResolvedConfig): boolean {
  const { identity: _, ...one } = before;
  const { identity: __, ...other } = after;
  return isEqual(one, other);
}

/** Whether the connection to the camera, and what is done with its pictures, can stay as they are. */
export function isSameStream(before: CameraConfig, after: CameraConfig): boolean {
  return isEqual(without(before, LIVE), without(after, LIVE));
}

export function isSameCamera(before: CameraConfig, after: CameraConfig): boolean {
  return isEqual(before, after);
}

/** The same for the same settings, in whatever order they are written. What is secret is not in it, so nothing can be guessed from it. */
export function versionOf({ identity: _, cameraProblems: __, ...config }: ResolvedConfig): string {
  return sha256(JSON.stringify(plain(config, (secret) => secret.toString()))).slice(0, 16);
}

function isEqual(one: unknown, other: unknown): boolean {
  const reveal = (secret: Secret): string => secret.reveal();
  return isDeepStrictEqual(plain(one, reveal), plain(other, reveal));
}

/** The names of the values that are not the same, as they stand in the file. */
function differing(name: string, before: unknown, after: unknown): string[] {
  if (isEqual(before, after)) return [];
  if (!isSection(before) || !isSection(after)) return [name];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differing(`${name}.${key}`, before[key], after[key]));
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function valueAt(config: ResolvedConfig, path: (typeof NEED_RESTART)[number]): unknown {
  switch (path) {
    case 'ring.dir':
      return config.ring.dir;
    case 'updates.keyFiles':
      return config.updates.keys;
    case 'updates.allowUnsigned':
      return config.updates.allowUnsigned;
    case 'updates.packages':
      return config.updates.packages;
    default:
      return config[path];
  }
}

function without(camera: CameraConfig, keys: readonly (keyof CameraConfig)[]): object {
  return Object.fromEntries(
    Object.entries(camera).filter(([key]) => !keys.includes(key as keyof CameraConfig)),
  );
}

/** Keys in order, and instead of what holds a secret or a key its text. */
function plain(value: unknown, textOf: (secret: Secret) => string): unknown {
  if (value instanceof Secret) return textOf(value);
  if (value instanceof KeyObject) return value.export({ format: 'pem', type: 'spki' });
  if (Array.isArray(value)) return value.map((entry) => plain(entry, textOf));
  if (!isSection(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, plain(entry, textOf)]),
  );
}
