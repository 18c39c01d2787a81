/**
 * One camera's way from frames to detections: gate, model, known damage, tracker, verifier. All of it runs on the event loop,
 * in the order in which frames come back from the model.
 */
import { limitWarnings, type Say, steadyMs, wallMs } from '@roadwatch/common';
import { type NormalizedBox, type NormalizedPolygon, newId, timestamp } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { Logger } from 'pino';
import { Camera, type CameraOptions, type ConnectionState } from '../camera/camera.ts';
import { accessTo } from '../camera/rtsp/access.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { Box } from '../detect/box.ts';
import type { Seen } from '../detect/scheduler.ts';
import type { EvidenceFile, EvidenceMaker, EvidenceSource } from '../evidence/evidence.ts';
import { liesFar } from '../frame/far-crop.ts';
import type { Frame, FramePool } from '../frame/pool.ts';
import { liesOnRoad, type Region } from '../frame/region.ts';
import { Gate } from '../gate/gate.ts';
import type { LumaGrid } from '../gate/luma.ts';
import { Occlusion } from '../gate/occlusion.ts';
import type { SceneFault } from '../gate/scene-health.ts';
import { Views } from '../gate/views.ts';
import type { PictureSource } from '../live/picture-stream.ts';
import type { Scene } from '../store/scene.ts';
import { boxOf, classOf, scoreOf, type Track, Tracker } from '../track/tracker.ts';
import type { Reporter, Witness } from '../uplink/reporter.ts';
import type { Inspection } from '../verify/inspection.ts';
import { type KnownDamage, KnownDamages, type Published } from '../verify/known-damage.ts';
import type { Brightness } from '../verify/place-look.ts';
import { PlaceMemory } from '../verify/place-memory.ts';
import { judge, progress } from '../verify/verifier.ts';
import type { LookBudget } from './burst-budget.ts';
import { CloserLook } from './burst-control.ts';

export interface WatchOptions {
  readonly config: CameraConfig;
  readonly rules: Pick<ResolvedConfig, 'verify' | 'gate'>;
  readonly input: Manifest['input'];
  readonly pool: FramePool;
  readonly camera: Pick<CameraOptions, 'decoder' | 'ringDir' | 'ringLimits' | 'ringRoom' | 'starting'>;
  readonly known: readonly KnownDamage[];
  readonly scene: Scene;
  readonly budget: LookBudget;
  readonly evidence: EvidenceMaker;
  readonly reporter: Reporter;
  /** Takes over the frame; `onBoxes` is called with it when it has been analysed. */
  analyse(camera: string, frame: Frame): void;
  /** What `status()` says has changed. */
  onStatus(watch: CameraWatch): void;
}

export interface WatchStatus {
  readonly connection: ConnectionState;
  readonly reason: string | null;
  readonly fault: SceneFault | null;
  readonly sinceMs: number;
}

/** A frame that has come back from the model. */
interface Look {
  readonly atMs: number;
  /** The view that it shows. */
  readonly view: string;
  readonly grid: LumaGrid;
  readonly brightness: Brightness;
  /** A part that was to be looked at enlarged, and was not. */
  readonly missed: NormalizedBox | null;
}

interface Prepared {
  readonly atMs: number;
  readonly still: Promise<EvidenceFile>;
}

/** Evidence is prepared when this much of the verification is done, so that it is there when it is wanted. */
const PREPARE_AT = 0.35;
const CANDIDATE_LOG_PAUSE_MS = 5_000;
/** No frame on its way is older than this: time itself has been set back. */
const CLOCK_SET_BACK_MS = 5 * 60_000;

export class CameraWatch implements Witness {
  readonly id: string;
  readonly config: CameraConfig;
  readonly camera: Camera;
  readonly known: KnownDamages;
  readonly #options: WatchOptions;
  readonly #log: Logger;
  /** Of a connection that comes and goes every few seconds the first in a minute are told. */
  readonly #streams: Say;
  readonly #fails: Say;
  readonly #gate: Gate;
  readonly #tracker = new Tracker();
  readonly #occlusion = new Occlusion();
  readonly #views: Views;
  readonly #places: PlaceMemory;
  /** The view of each frame that is with the model. */
  readonly #viewOf = new WeakMap<Frame, string>();
  #view: string | null = null;
  readonly #closer: CloserLook;
  readonly #prepared = new Map<number, Prepared>();
  readonly #inspections = new Set<Inspection>();
  /** Known from before the agent's start, and not yet seen since. */
  readonly #fromBefore: Set<string>;
  #region: Region;
  #status: WatchStatus = { connection: 'starting', reason: null, fault: null, sinceMs: steadyMs() };
  #lastAnalysedMs = 0;
  #lastUneventfulMs = 0;
  #candidateLoggedMs = 0;
  #skipped = 0;
  #burstDrops = 0;

  constructor(options: WatchOptions, log: Logger) {
    const { config, rules, pool, input } = options;
    this.id = config.id;
    this.config = config;
    this.#options = options;
    this.#log = log;
    this.#streams = limitWarnings({ warn: (fields, message) => log.info(fields, message) });
    this.#fails = limitWarnings(log);
    this.#region = { road: config.road, masks: config.masks, minBoxHeight: config.minBoxHeight };
    this.#views = new Views(options.scene.views, newId);
    this.#places = new PlaceMemory(options.scene.places);
    this.#gate = new Gate({ ...rules.gate, pad: input.pad }, this.#region, pool, this.#views);
    this.known = new KnownDamages(rules.verify, options.known);
    this.#fromBefore = new Set(options.known.map(({ id }) => id));
    this.camera = new Camera(
      { ...options.camera, config, input, pool },
      {
        onFrame: (frame) => this.#onFrame(frame),
        onConnection: (connection, reason) => this.#setStatus({ connection, reason }),
      },
    );
    this.#closer = new CloserLook(
      {
        recording: this.camera.recording,
        input,
        pool,
        far: this.camera.far,
        fps: rules.verify.burstFps,
        onFrame: (frame) => this.#judge(frame, true),
        onDrop: () => {
          this.#burstDrops++;
        },
      },
      options.budget,
      rules.verify.burstSeconds * 1000,
    );
  }

  get status(): WatchStatus {
    return this.#status;
  }
  get road(): NormalizedPolygon | undefined {
    return this.#region.road;
  }
  /** Frames in which nothing had changed, or only what moves. */
  get skipped(): number {
    return this.#skipped;
  }
  get drops(): number {
    return this.camera.drops + this.#burstDrops;
  }
  get closerLooks(): number {
    return this.#closer.count;
  }
  /** Capture time of the last frame that the model has seen or that held no news; 0 before the first. */
  get lastLookMs(): number {
    return Math.max(this.#lastAnalysedMs, this.#lastUneventfulMs);
  }

  /** What is to be kept of the street, when something of it has changed since the last call. */
  takeScene(): Scene | null {
    const changed = [this.#views.takeChanged(), this.#places.takeChanged()];
    return changed.includes(true) ? { views: this.#views.stored, places: this.#places.stored } : null;
  }

  start(): void {
    this.camera.start();
  }

  async stop(): Promise<void> {
    await this.#closer.stop();
    await this.camera.stop(this.known.all.some(({ owed = [] }) => owed.length > 0));
  }

  get masks(): readonly NormalizedPolygon[] {
    return this.#region.masks;
  }

  /** From now on nobody sees what is under them either; what was prepared before is cut again. */
  addMasks(masks: readonly NormalizedPolygon[]): void {
    this.#region = { ...this.#region, masks: [...this.#region.masks, ...masks] };
    this.#gate.setRegion(this.#region);
    this.#prepared.clear();
    this.#tracker.clear();
  }

  published(id: string, what: Published): void {
    this.known.published(id, what);
  }

  evidenceSource(): EvidenceSource | null {
    const { recording, source } = this.camera;
    if (source === null) return null;
    const masks = () => this.#region.masks;
    return {
      camera: this.id,
      recording,
      get masks() {
        return masks();
      },
    };
  }

  /** The camera as a person may watch it. Throws when it does not stream. */
  pictureSource(): PictureSource {
    const size = this.camera.source;
    const { connection, reason } = this.#status;
    if (size === null || connection !== 'streaming') {
      throw new Error(`the camera does not stream: ${reason ?? connection}`);
    }
    const access = accessTo(this.config, this.config.url);
    return { access, decoder: this.#options.camera.decoder, size, masks: this.#region.masks };
  }

  /** Looks closely at a place until the inspection has what it needs or the time is over. */
  inspect(inspection: Inspection): () => void {
    this.#inspections.add(inspection);
    this.#closer.begin(steadyMs(), true);
    return () => this.#inspections.delete(inspection);
  }

  /** The model's answer; the frame's slot is valid during this call. */
  onBoxes(frame: Frame, { boxes, missed }: Seen): void {
    const atMs = frame.capturedAtMs;
    // Frames of a closer look begin with the segment's, which may be older than what was analysed before.
    const olderByMs = this.#lastAnalysedMs - atMs;
    if (olderByMs >= 0 && olderByMs < CLOCK_SET_BACK_MS) return;
    if (olderByMs >= CLOCK_SET_BACK_MS) this.#tracker.clear();
    this.#lastAnalysedMs = atMs;
    const view = this.#viewOf.get(frame);
    // The camera has been turned since.
    if (view === undefined || view !== this.#view) return;
    const { pool } = this.#options;
    const brightness = {
      plane: pool.pixels(frame.slot),
      stride: pool.format.width,
      size: frame.content,
    };
    const look: Look = { atMs, view, grid: this.#gate.gridOf(frame), brightness, missed };
    const onRoad = boxes.filter(({ box }) => liesOnRoad(this.#region, box));
    this.#feedInspections(onRoad, look);
    const rest = this.#recognise(onRoad, look);
    this.#follow(rest, look);
    this.#decide(frame, look);
  }

  #onFrame(frame: Frame): void {
    if (this.#closer.hasTakenOver(steadyMs())) this.#options.pool.releaseFrame(frame);
    else this.#judge(frame, this.#isCurious());
  }

  /** A repair stands still as well, but never alerts. */
  #isPromising(track: Track): boolean {
    return track.seen > 1 && judge(track, this.#options.rules.verify).verdict === 'waiting';
  }

  #judge(frame: Frame, wanted: boolean): void {
    const verdict = this.#gate.judge(frame, wanted);
    if (verdict.view !== null && verdict.view !== this.#view) this.#turnTo(verdict.view);
    if (verdict.fault !== this.#status.fault) this.#setStatus({ fault: verdict.fault });
    if (verdict.analyse && verdict.view !== null) {
      this.#viewOf.set(frame, verdict.view);
      this.#options.analyse(this.id, frame);
      return;
    }
    if (verdict.reason === 'unchanged') this.#lastUneventfulMs = frame.capturedAtMs;
    if (verdict.reason === 'unchanged' || verdict.reason === 'passing') this.#skipped++;
    this.#options.pool.releaseFrame(frame);
  }

  /** What was followed in the view of before has no place in this one; what is known there waits until it is back. */
  #turnTo(view: string): void {
    if (this.#view === null) this.known.attach(view, (id) => this.#views.has(id));
    else this.#log.info({ camera: this.id, view }, 'camera looks another way');
    this.#view = view;
    this.#tracker.clear();
    this.#prepared.clear();
  }

  #feedInspections(boxes: readonly Box[], { atMs, view, brightness, missed }: Look): void {
    for (const inspection of this.#inspections) {
      const { box, damageClass } = inspection.place;
      const places = this.#places.at(box, damageClass);
      const place = places.find((other) => other.view === view);
      // It was seen in another view: what is there now is not it.
      if (places.length > 0 && place === undefined) continue;
      const isMissed = missed !== null && liesFar(box, missed);
      const sight = place === undefined || isMissed ? 'unseen' : this.#places.look(place.id, brightness);
      inspection.look(boxes, atMs, sight);
    }
  }

  /** Takes out what is known already, and tells what has become of it. */
  #recognise(boxes: readonly Box[], { atMs, view, brightness, missed }: Look): readonly Box[] {
    const { rest, seen, events } = this.known.absorb(view, boxes, atMs, (damage) =>
      missed !== null && liesFar(damage.box, missed) ? 'unseen' : this.#places.look(damage.id, brightness),
    );
    for (const damage of seen) {
      this.#places.learn({ ...damage, view }, brightness);
      if (this.#fromBefore.delete(damage.id))
        this.#log.info({ camera: this.id, detection: damage.id }, 'known damage seen again');
    }
    for (const { kind, damage } of events) {
      this.#log.info(
        { camera: this.id, detection: damage.id, damageClass: damage.damageClass },
        `damage ${kind}`,
      );
      if (kind === 'grown') {
        this.#places.forget(damage.id);
        this.#options.reporter.updated(this, damage);
      } else {
        this.#options.reporter.cleared(this, damage);
      }
    }
    return rest;
  }

  #follow(boxes: readonly Box[], { atMs, grid, missed }: Look): void {
    const { begun, ended } = this.#tracker.update({
      atMs,
      boxes,
      isHidden: (track) => {
        const box = boxOf(track);
        return (
          (missed !== null && liesFar(box, missed)) || this.#occlusion.isHidden(track.id, grid, box, atMs)
        );
      },
    });
    for (const track of this.#tracker.tracks) {
      if (track.lastSeenAtMs === atMs) this.#occlusion.seen(track.id, grid, boxOf(track));
    }
    for (const track of ended) this.#forget(track);
    const candidate = begun.find(({ best }) => best.alert);
    if (candidate !== undefined) this.#onCandidate(candidate);
  }

  #onCandidate({ best, firstSeenAtMs }: Track): void {
    const nowMs = steadyMs();
    this.#closer.begin(nowMs);
    if (nowMs - this.#candidateLoggedMs < CANDIDATE_LOG_PAUSE_MS) return;
    this.#candidateLoggedMs = nowMs;
    const { damageClass, score, box } = best;
    this.#log.info(
      { camera: this.id, damageClass, score, box, capturedAt: timestamp(wallMs(firstSeenAtMs)) },
      'candidate',
    );
  }

  #decide(frame: Frame, look: Look): void {
    const rules = this.#options.rules.verify;
    for (const track of [...this.#tracker.tracks]) {
      const judgement = judge(track, rules);
      if (judgement.verdict === 'verified') this.#verified(track, frame, look);
      else if (judgement.verdict === 'waiting') {
        if (progress(track, rules) >= PREPARE_AT) this.#prepare(track);
        if (this.#isPromising(track)) this.#closer.begin(steadyMs());
      }
    }
    const isOpen = this.#tracker.tracks.some((track) => judge(track, rules).verdict === 'waiting');
    if (!isOpen && this.#inspections.size === 0) this.#closer.finish();
  }

  #isCurious(): boolean {
    return this.#inspections.size > 0 || this.#tracker.tracks.some((track) => this.#isPromising(track));
  }

  /** The still is cut while there is time; the box is drawn when it is known. */
  #prepare({ id, best }: Track): Prepared {
    const prepared = this.#prepared.get(id);
    if (prepared !== undefined) return prepared;
    const still = this.#cutStill(best.atMs);
    // It is awaited when the track is verified; until then a failure is nobody's.
    still.catch(() => {});
    const fresh = { atMs: best.atMs, still };
    this.#prepared.set(id, fresh);
    return fresh;
  }

  async #cutStill(atMs: number): Promise<EvidenceFile> {
    const source = this.evidenceSource();
    if (source === null) throw new Error('the camera has not shown a picture yet');
    return this.#options.evidence.still(source, atMs);
  }

  #verified(track: Track, frame: Frame, { view, brightness }: Look): void {
    const mark = { damageClass: classOf(track), box: boxOf(track), score: scoreOf(track) };
    const { damageClass, box } = mark;
    const { atMs, still } = this.#prepare(track);
    this.#tracker.remove(track);
    this.#forget(track);
    // Another track may have become the same damage in this very frame.
    if (this.known.match(view, box, damageClass) !== undefined) return;
    const nowMs = steadyMs();
    const damage: KnownDamage = {
      id: newId(),
      camera: this.id,
      view,
      ...mark,
      firstSeenAtMs: track.firstSeenAtMs,
      verifiedAtMs: nowMs,
      lastSeenAtMs: track.lastSeenAtMs,
      capturedAtMs: atMs,
      revision: 1,
      publishedBox: box,
      publishedAtMs: nowMs,
      seen: track.seen,
      looked: track.looked,
      frame: frame.source,
      evidence: [],
    };
    this.known.add(damage);
    this.#places.learn({ ...damage, view }, brightness);
    this.#closer.wasFruitful();
    this.#log.info(
      {
        camera: this.id,
        detection: damage.id,
        damageClass,
        score: damage.score,
        box,
        firstSeenAt: timestamp(wallMs(damage.firstSeenAtMs)),
        verifiedAt: timestamp(wallMs(nowMs)),
        capturedAt: timestamp(wallMs(frame.capturedAtMs)),
        observations: { seen: damage.seen, looked: damage.looked },
      },
      'detection verified',
    );
    // What could not be cut ahead of time can be now, when more is on disk.
    const pictures = still
      .catch(() => this.#cutStill(atMs))
      .then((cut) => this.#options.evidence.marked(cut, mark));
    this.#options.reporter.opened(this, damage, pictures);
  }

  #forget(track: Track): void {
    this.#prepared.delete(track.id);
    this.#occlusion.forget(track.id);
  }

  #setStatus(change: Partial<WatchStatus>): void {
    const before = this.#status;
    this.#status = { ...before, ...change, sinceMs: steadyMs() };
    const { connection, reason, fault } = this.#status;
    if (connection === before.connection && reason === before.reason && fault === before.fault) return;
    const details = { camera: this.id, ...(reason === null ? {} : { reason }) };
    if (connection !== before.connection || reason !== before.reason) {
      if (connection === 'streaming')
        this.#streams({ ...details, ...this.camera.source }, 'camera streaming');
      else this.#fails(details, `camera ${connection}`);
    }
    if (fault !== before.fault) {
      if (fault === null) this.#log.info(details, 'camera sees well again');
      else this.#log.warn({ ...details, state: fault }, 'camera does not see well');
    }
    this.#options.onStatus(this);
  }
}
