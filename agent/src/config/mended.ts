/**
 * Settings with something harmless in place of what does not fit the schema, so that all the rest is looked at too, and whoever wrote
 * the file hears of every mistake at once. Nothing of it is ever run with.
 */
import { Value } from 'typebox/value';
import { type CameraSection, type Config, ConfigSchema } from './schema.ts';

export interface MendedSettings {
  readonly config: Config;
  /** Where each camera stands in the file. */
  readonly places: readonly number[];
  /** Whether what its pairing has left belongs to the box that the file is for. */
  readonly readsPairing: boolean;
  /** Whether a sentence is about what was put in place here. */
  isMended(problem: string): boolean;
}

const STAND_IN = { site: 'site', agent: 'agent', dataDir: './data' };
const CAMERA_STAND_IN = { name: { en: '-', zh: '无' }, url: 'rtsp://camera.invalid/' };
const LOGIN = ['username', 'password', 'passwordFile'];

/** `problems`: what does not fit. `isPaired`: else its pairing is still to come. Null: it is no settings at all. */
export function mendedSettings(
  value: unknown,
  problems: readonly string[],
  isPaired: boolean,
): MendedSettings | null {
  if (!isRecord(value)) return null;
  const broken = new Set(problems.map(sectionOf));
  const list = Array.isArray(value.cameras) && !broken.has('cameras') ? value.cameras : [];
  const found = list.flatMap((camera: unknown, place) =>
    isRecord(camera) ? [{ camera: mendedCamera(camera, place, broken), place }] : [],
  );
  const readsPairing = isPaired && !Object.keys(STAND_IN).some((key) => broken.has(key));
  const kept = Object.entries(value).filter(([key]) => !broken.has(key));
  const config = {
    ...STAND_IN,
    ...Object.fromEntries(kept),
    cameras: found.map(({ camera }) => camera),
  } as unknown as Partial<Config>;
  if (!readsPairing && config.mqtt?.url === undefined)
    Object.assign(config, { mqtt: { ...config.mqtt, url: 'mqtt://broker.invalid' } });
  return {
    config: Value.Default(ConfigSchema, config) as Config,
    places: found.map(({ place }) => place),
    readsPairing,
    isMended: (problem) => broken.has(sectionOf(problem)),
  };
}

/** What is wrong with a camera is wrong with one of its keys; anything else, with one of the file's. */
function sectionOf(problem: string): string {
  return /^cameras\[\d+\]\.\w+/.exec(problem)?.[0] ?? /^cameras\[\d+\]|^\w+/.exec(problem)?.[0] ?? '';
}

function mendedCamera(
  camera: Readonly<Record<string, unknown>>,
  place: number,
  broken: ReadonlySet<string>,
): CameraSection {
  const isBroken = (key: string): boolean => broken.has(`cameras[${place}].${key}`);
  const keys = Object.keys({ ...CAMERA_STAND_IN, ...camera, id: '' });
  if (!keys.some(isBroken)) return camera as unknown as CameraSection;
  const kept = Object.entries(camera).filter(
    // One of them alone would be told as a mistake.
    ([key]) => !isBroken(key) && !(LOGIN.includes(key) && LOGIN.some(isBroken)),
  );
  // Left out anyway, it takes nobody's name.
  return { ...CAMERA_STAND_IN, ...Object.fromEntries(kept), id: `left-out-${place}` } as CameraSection;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
