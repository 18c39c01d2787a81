/**
 * Street cameras for tests: real RTSP on a loopback port, with faults on demand.
 *
 * @example
 *   const camera = await startCamera({ source: 'road.mp4' });
 *   const seen = camera.next('keyframe');
 *   // ... point a client at camera.url ...
 *   await seen;
 *   await camera.fault({ kind: 'freeze' });
 *   await camera.stop();
 */

import { accessOf, type CameraAccess } from './camera/access.ts';
import { Camera, type CameraEvents } from './camera/camera.ts';
import type { Fault, FaultKind } from './camera/faults.ts';
import { MAKERS, type MakerName } from './camera/makers/known.ts';
import { scheduleFaults } from './camera/schedule.ts';
import { defaultCacheDir } from './media/cache.ts';
import type { EncoderSettings } from './media/encoder-settings.ts';
import { type SoundCodec, streetSound } from './media/sound.ts';
import { selfMadeKeys, type TlsKeys } from './rtsp/certificate.ts';
import { RtspServer } from './rtsp/server.ts';
import { openSource } from './sources/open.ts';
import type { SourceOptions, SubStreamSettings } from './sources/source.ts';
import type { DamageTruth } from './street/frame.ts';

export type { Login, LoginScheme } from './camera/access.ts';
export type { Fault } from './camera/faults.ts';
export type { MakerName } from './camera/makers/known.ts';
export { type RunningOnvif, startOnvif } from './onvif/responder.ts';
export { readScenario, ScenarioError } from './scenario/read.ts';
export type { Scenario } from './scenario/schema.ts';
export type { DamageTruth } from './street/frame.ts';

export interface StartCameraOptions extends CameraAccess {
  /** A video, a picture, a folder of pictures (needs `dwellSeconds`), `scene:NAME`, or a scenario file. */
  readonly source: string;
  readonly encoder?: Partial<EncoderSettings>;
  readonly size?: { readonly width: number; readonly height: number };
  /** A second, smaller stream, at `subUrl`. */
  readonly subStream?: SubStreamSettings;
  /** A second track with the sound of the street. */
  readonly audio?: SoundCodec;
  /** A track that tells of the pictures, as ONVIF has it. */
  readonly metadata?: boolean;
  /** Shows itself as the cameras of this maker. */
  readonly as?: MakerName;
  readonly dwellSeconds?: number;
  /** Whether a still picture sways and has noise (the default), or stands quite still. */
  readonly still?: 'plain' | 'camera';
  readonly seed?: number;
  readonly cacheDir?: string | null;
  readonly clockOffsetMs?: number;
  /** The first second begins at launch, or (default) when the first client plays. */
  readonly startOn?: 'launch' | 'first-play';
  /** Faults from the beginning. */
  readonly faults?: readonly Fault[];
  /** Default: any free port of 127.0.0.1. Give one to come back at the address of a camera that was stopped. */
  readonly port?: number;
  /** An address of this machine. Default: 127.0.0.1. */
  readonly host?: string;
  /** Serves in TLS too, at `secureUrl`: with this certificate and key (PEM), or with one made for it. */
  readonly tls?: true | TlsKeys;
}

/** A camera that runs. */
export interface RunningCamera {
  /** Without credentials. */
  readonly url: string;
  readonly port: number;
  /** Of the sub-stream; null without one. */
  readonly subUrl: string | null;
  /** `rtsps://`; null without `tls`. */
  readonly secureUrl: string | null;
  /** What it shows there (PEM), for a client to trust; null without `tls`. */
  readonly certificate: string | null;
  /** `connected`, `refused`, `nonce-expired`, `playing`, `started`, `keyframe`, `disconnected`, `fault-begun`, `fault-ended`. */
  readonly events: Pick<Camera, 'on' | 'once' | 'off'>;
  /** Clients that play now. */
  readonly viewerCount: number;
  /** Unix milliseconds of its first instant; null while it waits for its first client. */
  readonly startedAtMs: number | null;
  /** What is on the road at a second since then, where it is known: in generated streets and scenarios. */
  truthAt(seconds: number): readonly DamageTruth[];
  /** The next event of a kind. */
  next<Name extends keyof CameraEvents>(name: Name, signal?: AbortSignal): Promise<CameraEvents[Name]>;
  /** Begins a fault; resolves when it can be seen. `drop` and `timestamp-jump` happen once, the others last. */
  fault(fault: Fault): Promise<void>;
  endFault(kind: FaultKind): void;
  /** Closes every connection and frees the port. */
  stop(): Promise<void>;
}

/** Starts one camera on its own port. @throws Error when the source cannot be used */
export async function startCamera(options: StartCameraOptions): Promise<RunningCamera> {
  const ending = new AbortController();
  const sourceOptions: SourceOptions = {
    encoder: options.encoder ?? {},
    seed: options.seed ?? 1,
    cacheDir: options.cacheDir === undefined ? defaultCacheDir() : options.cacheDir,
    signal: ending.signal,
    ...(options.size && { size: options.size }),
    ...(options.subStream && { subStream: options.subStream }),
    ...(options.dwellSeconds !== undefined && { dwellSeconds: options.dwellSeconds }),
    ...(options.still && { still: options.still }),
    ...(options.as && { as: options.as }),
  };
  const [source, ...others] = await openSource(options.source, sourceOptions);
  if (source === undefined || others.length > 0) {
    throw new Error(`${options.source}: ${others.length + 1} pictures for one camera; give dwellSeconds`);
  }
  const audio = options.audio ?? source.audio;
  const camera = new Camera({
    ...(audio && { sound: await streetSound(audio, ending.signal) }),
    path: source.name,
    metadata: options.metadata ?? source.metadata ?? false,
    ...(source.as && { maker: MAKERS[source.as] }),
    timeline: source.timeline,
    ...(source.sub && { sub: source.sub }),
    startOn: options.startOn ?? 'first-play',
    ...accessOf(source),
    ...accessOf(options),
    clockOffsetMs: options.clockOffsetMs ?? source.clockOffsetMs ?? 0,
  });
  const keys = options.tls === true ? await selfMadeKeys(options.host ?? '127.0.0.1') : options.tls;
  const server = new RtspServer([camera], {
    ...(keys && { tls: { ...keys, port: 0 } }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.host !== undefined && { host: options.host }),
  });
  await server.start();
  for (const fault of options.faults ?? []) await camera.beginFault(fault);
  // A fault that cannot be shown, such as one whose picture does not encode, is left out.
  scheduleFaults(camera, source.faults ?? [], ending.signal, () => {});
  return {
    url: server.urlOf(camera.main),
    port: server.port,
    subUrl: camera.sub === null ? null : server.urlOf(camera.sub),
    secureUrl: server.secureUrlOf(camera.main),
    certificate: keys?.cert ?? null,
    events: camera,
    get viewerCount() {
      return camera.viewerCount;
    },
    get startedAtMs() {
      return camera.startedAtMs;
    },
    truthAt: (seconds) => source.truthAt?.(seconds) ?? [],
    next: (name, signal) => camera.next(name, signal),
    fault: (fault) => camera.beginFault(fault),
    endFault: (kind) => camera.endFault(kind),
    stop: async () => {
      ending.abort();
      camera.stop();
      await server.stop();
    },
  };
}
