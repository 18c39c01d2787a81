/** The cameras of a box: each with its pipeline, added, changed and taken away while the others go on. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SecretUrl, Semaphore } from '@roadwatch/common';
import { masksWithout } from '@roadwatch/contract';
import type { Logger } from 'pino';
import { isSameCamera, isSameStream } from '../config/changes.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { CameraConfig, HardwarePreset } from '../config/schema.ts';
import { type DecoderOptions, probeDecoders } from '../ffmpeg/hardware.ts';
import { slotsFor } from '../frame/pool.ts';
import type { LiveSessions } from '../live/live-sessions.ts';
import { takeOverRings } from '../ring/left-behind.ts';
import { keepOwed, type OwedRing } from '../ring/owed.ts';
import type { RingRoom } from '../ring/room.ts';
import type { AddedMasks } from '../store/added-masks.ts';
import type { CameraSettingsStore } from '../store/camera-settings.ts';
import type { KnownSaving, KnownStore } from '../store/known-damage.ts';
import type { SceneStore } from '../store/scene.ts';
import { CameraPipeline, type PipelineOptions } from './camera-pipeline.ts';

type Settings = Pick<ResolvedConfig, 'cameras' | 'hardware' | 'look' | 'ring' | 'verify' | 'gate'>;

/** What all pipelines share. */
export interface CamerasParts
  extends Pick<
    PipelineOptions,
    | 'input'
    | 'pool'
    | 'budget'
    | 'evidence'
    | 'reporter'
    | 'roadUsers'
    | 'quietWork'
    | 'analyse'
    | 'onCandidate'
    | 'onStatus'
  > {
  readonly starting: PipelineOptions['camera']['starting'];
  readonly looks: PipelineOptions['camera']['looks'];
  readonly fullStreams: PipelineOptions['camera']['fullStreams'];
  readonly ringRoom: RingRoom;
  readonly knownStore: KnownStore;
  readonly sceneStore: SceneStore;
  readonly addedMasks: AddedMasks;
  readonly cameraSettings: CameraSettingsStore;
  readonly lives: LiveSessions;
  readonly saving: KnownSaving;
  /** Where a camera has its smaller stream; throws why that is not known. */
  findSubStream(camera: CameraConfig, signal: AbortSignal): Promise<SecretUrl>;
  /** Nothing comes of this camera any more. */
  onRemoved(camera: string): void;
}

/**
 * What a camera that ends has under way, such as pictures that are being cut, is waited for no longer: an agent that is stopped
 * meanwhile has 15 s for all that it ends.
 */
const DRAIN_MS = 8_000;
/** Cameras of which a smaller stream is looked for, each by a picture of its own. */
const SEARCHES_AT_ONCE = 2;

export class Cameras {
  /** As the configuration of the box has them, by id, with the decoder that counts. */
  readonly own = new Map<string, CameraConfig>();
  readonly #parts: CamerasParts;
  readonly #pipelines: Map<string, CameraPipeline>;
  readonly #log: Logger;
  #settings: Settings;
  readonly #searches = new Semaphore(SEARCHES_AT_ONCE);
  #left: ReadonlyMap<string, OwedRing> = new Map();
  #decoders: ReadonlyMap<HardwarePreset, DecoderOptions> = new Map();

  /** `pipelines`: to be filled, and kept as it is with the cameras. */
  constructor(settings: Settings, parts: CamerasParts, pipelines: Map<string, CameraPipeline>, log: Logger) {
    this.#settings = settings;
    this.#parts = parts;
    this.#pipelines = pipelines;
    this.#log = log;
  }

  /** All of them are there, and know what they knew; none streams yet. */
  async load(): Promise<void> {
    const { ringRoom, knownStore } = this.#parts;
    const { cameras, ring } = this.#settings;
    await this.#findDecoders();
    const moments = new Map(cameras.map(({ id }) => [id, knownStore.owedMomentsMs(id)]));
    const left = takeOverRings(ring.dir, ringRoom, moments);
    if (left.undeleted.length > 0)
      this.#log.warn({ left: left.undeleted }, 'video of cameras that are no more cannot be deleted');
    this.#left = left.owed;
    for (const camera of cameras) this.#add(this.#withDecoder(camera));
  }

  /** They stream, and what an agent that was ended has promised is cut from what it has left. */
  start(): void {
    for (const pipeline of this.#pipelines.values()) this.#begin(pipeline, this.#left.get(pipeline.id));
    this.#left = new Map();
  }

  /**
   * Goes on with these settings. A camera whose stream is the same goes on streaming, whatever else of it is another; one that needs
   * another stream is stopped and begun anew, by itself. Not to be called again before it has resolved.
   */
  async apply(settings: Settings): Promise<void> {
    const { pool, ringRoom } = this.#parts;
    this.#settings = settings;
    await this.#findDecoders();
    const { cameras } = settings;
    pool.growTo(slotsFor(cameras));
    ringRoom.share({ cameras: cameras.length, maxBytes: this.#ringLimits.maxBytes });
    for (const pipeline of this.#pipelines.values()) {
      pipeline.rules = settings;
      pipeline.camera.recording.ring.limits = this.#ringLimits;
    }
    const wanted = new Set(cameras.map(({ id }) => id));
    const gone = [...this.#pipelines.values()].filter(({ id }) => !wanted.has(id));
    await Promise.all([
      ...gone.map((pipeline) => this.#remove(pipeline)),
      ...cameras.map((camera) => this.#change(this.#withDecoder(camera))),
    ]);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pipelines.values()].map((pipeline) => pipeline.stop()));
  }

  async #remove(pipeline: CameraPipeline): Promise<void> {
    const { id } = pipeline;
    const owed = await this.#end(pipeline);
    this.#pipelines.delete(id);
    this.own.delete(id);
    this.#parts.onRemoved(id);
    if (owed !== undefined) this.#settle(pipeline, owed);
    this.#log.info({ camera: id }, 'camera removed');
  }

  async #change(own: CameraConfig): Promise<void> {
    const pipeline = this.#pipelines.get(own.id);
    if (pipeline === undefined) {
      this.#begin(this.#add(own), undefined);
      this.#log.info({ camera: own.id }, 'camera added');
      return;
    }
    const before = this.own.get(own.id);
    if (before !== undefined && isSameCamera(before, own)) return;
    const { config, id: settings } = this.#laid(own);
    const added = masksWithout(config.masks, pipeline.masks);
    const isLess = masksWithout(pipeline.masks, config.masks).length > 0;
    // At once, also for what is still to be cut of a camera that is about to end.
    if (added.length > 0) {
      pipeline.addMasks(added);
      await this.#parts.lives.stopCamera(own.id);
    }
    if (!isLess && isSameStream(pipeline.config, config)) {
      this.own.set(own.id, own);
      pipeline.configure(config, settings);
      this.#log.info({ camera: own.id }, 'camera changed');
      return;
    }
    const owed = await this.#end(pipeline);
    this.#begin(this.#add(own), owed);
    this.#log.info({ camera: own.id }, 'camera changed, begun anew');
  }

  /** Its recording is set aside for what is still to be cut; undefined when nothing is. */
  async #end(pipeline: CameraPipeline): Promise<OwedRing | undefined> {
    const { reporter, saving, knownStore, ringRoom, lives } = this.#parts;
    const { id, camera } = pipeline;
    await lives.stopCamera(id);
    await pipeline.stop(true);
    const waited = new AbortController();
    const late = sleep(DRAIN_MS, undefined, { signal: waited.signal }).catch(() => {});
    await Promise.race([reporter.drained(id), late]).finally(() => waited.abort());
    saving.save(id, pipeline);
    const moments = knownStore.owedMomentsMs(id);
    const { ring } = camera.recording;
    const owed = moments.length === 0 ? undefined : keepOwed(ringRoom.placesOf(this.#ringDir(id)), moments);
    ring.end();
    ringRoom.remove(ring);
    return owed;
  }

  /** `owed`: what is left of the recording of before. */
  #begin(pipeline: CameraPipeline, owed: OwedRing | undefined): void {
    if (owed !== undefined) this.#settle(pipeline, owed);
    pipeline.start();
  }

  /** Its pipeline takes the place of one that has ended. */
  #add(own: CameraConfig): CameraPipeline {
    const { starting, looks, fullStreams, ringRoom, knownStore, sceneStore } = this.#parts;
    const { config, id: settings } = this.#laid(own);
    const pipeline = new CameraPipeline(
      {
        ...this.#parts,
        config,
        settings,
        rules: this.#settings,
        camera: {
          decoder: this.#decoders.get(own.hardware ?? 'none') as DecoderOptions,
          ringDir: this.#ringDir(own.id),
          ringLimits: this.#ringLimits,
          starting,
          looks,
          fullStreams,
          keepMainMs: () => this.#settings.look.keepMainSeconds * 1000,
          ringRoom,
          ...(config.findsDetectUrl === true
            ? { findSubStream: (signal) => this.#findSubStream(config, signal) }
            : {}),
        },
        known: knownStore.load(own.id),
        scene: sceneStore.load(own.id),
      },
      this.#log,
    );
    this.own.set(own.id, own);
    this.#pipelines.set(own.id, pipeline);
    return pipeline;
  }

  async #findSubStream(camera: CameraConfig, signal: AbortSignal): Promise<SecretUrl | null> {
    const { id } = camera;
    const place = this.#searches.acquire();
    try {
      // A camera that is stopped does not wait for the search of another.
      await Promise.race([place, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      signal.throwIfAborted();
      const url = await this.#parts.findSubStream(camera, signal);
      this.#log.info({ camera: id, url }, 'sub-stream found');
      return url;
    } catch (error) {
      if (!signal.aborted)
        this.#log.warn(
          { camera: id, reason: (error as Error).message },
          'no sub-stream, the full one is looked at',
        );
      return null;
    } finally {
      void place.then((free) => free());
    }
  }

  #settle(pipeline: CameraPipeline, recording: OwedRing): void {
    this.#parts.reporter.settle(pipeline, {
      camera: pipeline.id,
      recording,
      get masks() {
        return pipeline.masks;
      },
    });
  }

  /** With what the gateway has set. */
  #laid(own: CameraConfig): ReturnType<CameraSettingsStore['load']> {
    const { addedMasks, cameraSettings } = this.#parts;
    const masks = [...own.masks, ...addedMasks.load(own)];
    const laid = cameraSettings.load({ ...own, masks });
    if (laid.dropped.length > 0)
      this.#log.warn(
        { camera: own.id, reason: laid.dropped.join('; ') },
        'what the gateway has set is forgotten',
      );
    return laid;
  }

  #withDecoder(camera: CameraConfig): CameraConfig {
    return { ...camera, hardware: camera.hardware ?? this.#settings.hardware };
  }

  /** Those that were tried before are not tried again. */
  async #findDecoders(): Promise<void> {
    const presets = this.#settings.cameras.map((camera) => camera.hardware ?? this.#settings.hardware);
    const fresh = presets.filter((preset) => !this.#decoders.has(preset));
    this.#decoders = new Map([...this.#decoders, ...(await probeDecoders(fresh, this.#log))]);
  }

  get #ringLimits(): { readonly seconds: number; readonly maxBytes: number } {
    const { seconds, maxMegabytes } = this.#settings.ring;
    return { seconds, maxBytes: maxMegabytes * 2 ** 20 };
  }

  #ringDir(camera: string): string {
    return join(this.#settings.ring.dir, camera);
  }
}
