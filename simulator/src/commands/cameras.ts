/** From flags and lists to cameras: what each is to show and how, opened and ready to serve. */

import { accessOf, type CameraAccess, type Login, type LoginScheme } from '../camera/access.ts';
import { Camera, type CameraOptions } from '../camera/camera.ts';
import type { Fault } from '../camera/faults.ts';
import { MAKERS, type MakerName } from '../camera/makers/known.ts';
import type { Pace } from '../camera/pace.ts';
import type { EncoderSettings } from '../media/encoder-settings.ts';
import { type Sound, type SoundCodec, streetSound } from '../media/sound.ts';
import { type CameraEntry, readCameraList } from '../sources/list.ts';
import { openSource } from '../sources/open.ts';
import type { CameraSource, Shown, SourceOptions } from '../sources/source.ts';
import { credentials } from './options.ts';

export interface CameraFlags {
  readonly source?: string[];
  readonly list?: string;
  readonly cameras: number;
  readonly dwell?: number;
  readonly still: 'plain' | 'camera';
  readonly user?: string;
  readonly passwordFile?: string;
  readonly login?: readonly LoginScheme[];
  readonly nonceSeconds?: number;
  readonly sessionSeconds?: number;
  readonly codec?: 'h264' | 'h265';
  readonly fps?: number;
  readonly gop?: number;
  readonly bitrate?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly subStream?: { readonly width: number; readonly height: number };
  readonly subBitrate?: number;
  readonly audio?: SoundCodec;
  readonly metadata?: boolean;
  readonly as?: MakerName;
  readonly fault?: readonly Fault[];
  readonly seed: number;
  readonly clockOffset: number;
  readonly waitForClient?: boolean;
  readonly stagger?: number;
  readonly cache: string | false;
}

export interface OpenedCamera {
  readonly camera: Camera;
  readonly source: CameraSource;
  /** From the beginning. */
  readonly faults: readonly Fault[];
}

/** What one source becomes. */
interface Plan {
  readonly source: string;
  readonly options: SourceOptions;
  readonly cameras: number;
  readonly clockOffsetMs: number;
  readonly faults: readonly Fault[];
  readonly path?: string;
  /** Before what the source says. */
  readonly audio?: SoundCodec;
  readonly metadata?: boolean;
  /** Before what the source says. */
  readonly access: CameraAccess;
}

/** @throws Error with what cannot be used, in one line */
export async function openCameras(
  flags: CameraFlags,
  pace: Pace,
  signal: AbortSignal,
): Promise<OpenedCamera[]> {
  const general = await generalPlan(flags, signal);
  const access = await generalAccess(flags);
  const plans: Plan[] = (flags.source ?? []).map((source) => ({ ...general, source }));
  if (flags.list !== undefined) {
    for (const entry of await readCameraList(flags.list)) plans.push(await ownPlan(general, entry));
  }
  if (plans.length === 0) throw new Error('nothing to play: give --source or --list');
  const opened: OpenedCamera[] = [];
  const taken = new Set<string>();
  const sounds = new Map<SoundCodec, Sound>();
  const channels = new Map<MakerName, number>();
  for (const {
    source,
    options,
    cameras,
    clockOffsetMs,
    faults,
    path,
    audio: ownAudio,
    metadata: ownMetadata,
    access: own,
  } of plans) {
    for (const film of await openSource(source, options)) {
      const audio = ownAudio ?? film.audio ?? flags.audio;
      const sound = audio && (sounds.get(audio) ?? (await streetSound(audio, signal)));
      if (audio && sound) sounds.set(audio, sound);
      for (let n = 0; n < cameras; n++) {
        const shown = { ...film, ...laterBy(n * (flags.stagger ?? 0), film) };
        const camera = new Camera({
          phase: phaseOf(taken.size),
          path: freePath(path ?? film.name, taken),
          ...makerOf(film.as, channels),
          timeline: shown.timeline,
          ...(shown.sub && { sub: shown.sub }),
          clockOffsetMs: clockOffsetMs + (film.clockOffsetMs ?? 0),
          startOn: flags.waitForClient ? 'first-play' : 'launch',
          pace,
          preparing: film.complete !== undefined,
          ...(sound && { sound }),
          metadata: ownMetadata ?? film.metadata ?? flags.metadata ?? false,
          ...access,
          ...accessOf(film),
          ...own,
        });
        opened.push({ camera, source: shown, faults });
      }
    }
  }
  return opened;
}

/** @throws Error where nothing happens that could come later */
function laterBy(seconds: number, { name, later }: CameraSource): Shown | undefined {
  if (seconds === 0) return undefined;
  if (later === undefined) throw new Error(`${name}: --stagger is for scenes and scenarios`);
  return later(seconds);
}

/** What the flags say, of every camera. */
async function generalPlan(flags: CameraFlags, signal: AbortSignal): Promise<Omit<Plan, 'source'>> {
  const { codec, fps, gop, bitrate, subStream, subBitrate } = flags;
  if (subBitrate !== undefined && subStream === undefined)
    throw new Error('--sub-bitrate needs --sub-stream');
  const encoder: Partial<EncoderSettings> = {
    ...(codec && { codec }),
    ...(fps !== undefined && { fps }),
    ...(gop !== undefined && { gopSeconds: gop }),
    ...(bitrate !== undefined && { bitrateKbps: bitrate }),
  };
  return {
    options: {
      encoder,
      seed: flags.seed,
      still: flags.still,
      cacheDir: flags.cache === false ? null : flags.cache,
      signal,
      progressive: true,
      ...(flags.size && { size: flags.size }),
      ...(subStream && {
        subStream: { ...subStream, ...(subBitrate !== undefined && { bitrateKbps: subBitrate }) },
      }),
      ...(flags.dwell !== undefined && { dwellSeconds: flags.dwell }),
      ...(flags.as && { asOtherwise: flags.as }),
    },
    cameras: flags.cameras,
    clockOffsetMs: flags.clockOffset,
    faults: flags.fault ?? [],
    access: {},
  };
}

async function generalAccess(flags: CameraFlags): Promise<CameraAccess> {
  const { user, passwordFile, login: schemes, nonceSeconds, sessionSeconds } = flags;
  const login: Login = {
    ...(schemes && { schemes: [...schemes] }),
    ...(nonceSeconds !== undefined && { nonceSeconds }),
  };
  return accessOf({
    credentials: await credentials(user, passwordFile),
    login: schemes === undefined && nonceSeconds === undefined ? undefined : login,
    sessionSeconds,
  });
}

/** What an entry of a list says goes before what the flags say. */
async function ownPlan(general: Omit<Plan, 'source'>, entry: CameraEntry): Promise<Plan> {
  const { width, height, subStream, ...encoder } = entry.video ?? {};
  return {
    source: entry.source,
    options: {
      ...general.options,
      encoder: { ...general.options.encoder, ...encoder },
      ...(width !== undefined && height !== undefined && { size: { width, height } }),
      ...(subStream && { subStream }),
      ...(entry.seed !== undefined && { seed: entry.seed }),
      ...(entry.dwellSeconds !== undefined && { dwellSeconds: entry.dwellSeconds }),
      ...(entry.as && { as: entry.as }),
    },
    cameras: entry.cameras ?? general.cameras,
    clockOffsetMs: entry.clockOffsetMs ?? general.clockOffsetMs,
    faults: entry.faults ?? general.faults,
    ...(entry.path !== undefined && { path: entry.path }),
    ...(entry.audio && { audio: entry.audio }),
    ...(entry.metadata !== undefined && { metadata: entry.metadata }),
    access: accessOf({
      ...entry,
      credentials: await credentials(entry.user, entry.passwordFile, 'passwordFile'),
    }),
  };
}

/** The next camera of its maker at this address. @throws Error where the maker's addresses have no room for it */
function makerOf(
  as: MakerName | undefined,
  channels: Map<MakerName, number>,
): Pick<CameraOptions, 'maker' | 'channel'> {
  if (as === undefined) return {};
  const maker = MAKERS[as];
  const channel = (channels.get(as) ?? 0) + 1;
  if (channel > maker.channels) {
    throw new Error(`as: ${as} has at most ${maker.channels} at one address; serve others at another port`);
  }
  channels.set(as, channel);
  return { maker, channel };
}

/** Spread evenly however many there are: multiples of the golden ratio. */
function phaseOf(index: number): number {
  return (index * 0.618_033_988_75) % 1;
}

function freePath(name: string, taken: Set<string>): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? name : `${name}-${n}`;
    if (taken.has(path)) continue;
    taken.add(path);
    return path;
  }
}
