/**
 * One camera's way from frames to detections: privacy masks, gate, model, known damage, tracker, verifier. All of it runs on the event loop,
 * in the order in which frames come back from the model.
 */
import { steadyMs, wallMs } from '@roadwatch/common';
import { type NormalizedBox, type NormalizedPolygon, newId, timestamp } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { Logger } from 'pino';
import { Camera, type CameraOptions, type ConnectionState, type Why } from '../camera/camera.ts';
import { accessTo } from '../camera/rtsp/access.ts';
import { CameraCare, type Care } from '../care/camera-care.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { Box } from '../detect/box.ts';
import type { RoadUsers } from '../detect/road-users.ts';
import type { Seen } from '../detect/scheduler.ts';
import type { EvidenceFile, EvidenceMaker, EvidenceSource } from '../evidence/evidence.ts';
import type { Mark } from '../evidence/overlay.ts';
import type { Frame, FramePool } from '../frame/pool.ts';
import { isMasked, liesOnRoad, type Region } from '../frame/region.ts';
import { rgbOf } from '../frame/rgb.ts';
import { Gate } from '../gate/gate.ts';
import { Views } from '../gate/views.ts';
import type { Watchable } from '../live/choose-feed.ts';
import type { PassedSource } from '../live/passed-feed.ts';
import type { PictureSource } from '../live/picture-stream.ts';
import type { Wanted, Wish } from '../look/looks.ts';
import { FrameMasks } from '../privacy/frame-masks.ts';
import type { Scene } from '../store/scene.ts';
import { boxOf, classOf, type Track } from '../track/tracker.ts';
import type { Reporter, Witness } from '../uplink/reporter.ts';
import { extentOf, fieldsIn } from '../verify/field.ts';
import type { Inspection } from '../verify/inspection.ts';
import { type KnownDamage, KnownDamages, type Published, verifiedDamage } from '../verify/known-damage.ts';
import { PlaceMemory } from '../verify/place-memory.ts';
import type { BurstBudget } from './burst-budget.ts';
import { BurstControl } from './burst-control.ts';
import { CameraStatus, type Status } from './camera-status.ts';
import { Candidates, type Verified } from './candidates.ts';
import { Inspections } from './inspections.ts';
import { type Look, lookOf } from './look.ts';
import { type Prepared, PreparedEvidence } from './prepared-evidence.ts';
import type { QuietWork } from './quiet-work.ts';
import { Recognition } from './recognition.ts';
import { usersInPicture } from './users-in-picture.ts';

export type PipelineRules = Pick<ResolvedConfig, 'verify' | 'gate'>;

export interface PipelineOptions {
  readonly config: CameraConfig;
  /** What the gateway has set of it, by its id on the wire. */
  readonly settings: string | null;
  readonly rules: PipelineRules;
  readonly input: Manifest['input'];
  readonly pool: FramePool;
  readonly camera: Pick<
    CameraOptions,
    | 'decoder'
    | 'findSubStream'
    | 'fullStreams'
    | 'looks'
    | 'keepMainMs'
    | 'ringDir'
    | 'ringLimits'
    | 'ringRoom'
    | 'starting'
  >;
  readonly known: readonly KnownDamage[];
  readonly scene: Scene;
  readonly budget: BurstBudget;
  readonly evidence: EvidenceMaker;
  readonly reporter: Reporter;
  readonly roadUsers: Pick<RoadUsers, 'find'>;
  readonly quietWork: Pick<QuietWork, 'add'>;
  /** Takes over the frame; `onBoxes` is called with it when it has been analysed. */
  analyse(camera: string, frame: Frame): void;
  /** Something has been seen for the first time that may become a detection. */
  onCandidate(): void;
  /** What `status()` says has changed. */
  onStatus(watch: CameraPipeline): void;
}

/** So long what was found is looked at with every keyframe, if it is not seen again before. */
const LEARN_MS = 30_000;

export class CameraPipeline implements Witness, Watchable {
  readonly id: string;
  readonly camera: Camera;
  readonly known: KnownDamages;
  readonly #options: PipelineOptions;
  readonly #log: Logger;
  readonly #status: CameraStatus;
  readonly #masks: FrameMasks;
  readonly #gate: Gate;
  readonly #views: Views;
  readonly #places: PlaceMemory;
  /** The view of each frame that is with the model. */
  readonly #viewOf = new WeakMap<Frame, string>();
  #view: string | null = null;
  readonly #burst: BurstControl;
  readonly #prepared: PreparedEvidence;
  readonly #candidates: Candidates;
  readonly #inspections: Inspections;
  readonly #recognition: Recognition;
  readonly #care: CameraCare;
  #knowsRoadUsers: boolean;
  #config: CameraConfig;
  #settings: string | null;
  #region: Region;
  #lastAnalysedMs = 0;
  #lastUneventfulMs = 0;
  /** Capture time of the last frame after which the camera need not be looked at again soon. */
  #countedMs = Number.NEGATIVE_INFINITY;
  /** The damage verified last, while it has not been seen again. */
  #found: { readonly id: string; readonly untilMs: number } | null = null;
  #skipped = 0;
  #burstDrops = 0;
  readonly #ending = new AbortController();

  constructor(options: PipelineOptions, log: Logger) {
    const { config, rules, pool, input } = options;
    this.id = config.id;
    this.#config = config;
    this.#settings = options.settings;
    this.#options = options;
    this.#knowsRoadUsers = rules.verify.roadUsers;
    this.#log = log;
    this.#status = new CameraStatus(config.id, log);
    this.#region = { road: config.road, masks: config.masks, minBoxHeight: config.minBoxHeight };
    this.#views = new Views(options.scene.views, newId);
    this.#places = new PlaceMemory(options.scene.places);
    this.#inspections = new Inspections(this.#places);
    this.#care = new CameraCare(options.scene.sharpness);
    this.#prepared = new PreparedEvidence(options.evidence, () => this.evidenceSource());
    this.#candidates = new Candidates(
      {
        camera: config.id,
        rules: rules.verify,
        evidence: this.#prepared,
        roadUsers: options.roadUsers,
        onBegun: options.onCandidate,
        onPromising: () => this.#burst.begin(steadyMs()),
      },
      log,
    );
    this.#masks = new FrameMasks(config.masks, pool, input.pad);
    this.#gate = new Gate({ ...rules.gate, pad: input.pad, road: config.road }, pool, this.#views);
    this.known = new KnownDamages(rules.verify, options.known);
    this.#recognition = new Recognition(config.id, this.known, this.#places, log);
    this.camera = new Camera(
      { ...options.camera, config, input, pool },
      {
        onFrame: (frame) => this.#onFrame(frame),
        onConnection: (connection, why) => this.#onConnection(connection, why),
        wanted: () => this.#wish(),
      },
    );
    this.#burst = new BurstControl(
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
        onFailed: ({ message }) => log.warn({ camera: config.id, reason: message }, 'closer look failed'),
      },
      options.budget,
      rules.verify.burstSeconds * 1000,
    );
  }

  /** As it counts: with its login inside the addresses, and what the gateway has set. */
  get config(): CameraConfig {
    return this.#config;
  }
  /** The id of what the gateway has set; null: nothing. */
  get settings(): string | null {
    return this.#settings;
  }
  get minBoxHeight(): Region['minBoxHeight'] {
    return this.#region.minBoxHeight;
  }
  get status(): Status {
    return this.#status.now;
  }
  /** What it needs a maintainer for. */
  get cares(): readonly Care[] {
    return this.#care.now;
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
    return this.#burst.count;
  }
  /** Candidates that lay on vehicles or people. */
  get refused(): number {
    return this.#candidates.refused;
  }
  /** Capture time of the last frame that the model has seen or that held no news; 0 before the first. */
  get lastLookMs(): number {
    return Math.max(this.#lastAnalysedMs, this.#lastUneventfulMs);
  }

  /** What is to be kept of the street, when something of it has changed since the last call. */
  takeScene(): Scene | null {
    const changed = [this.#views.takeChanged(), this.#places.takeChanged(), this.#care.takeChanged()];
    if (!changed.includes(true)) return null;
    return { views: this.#views.stored, places: this.#places.stored, sharpness: this.#care.stored };
  }

  /** One that is paused asks nothing of its camera. */
  start(): void {
    if (this.#config.enabled) this.camera.start();
    else this.#setStatus({ connection: 'paused' });
  }

  /** Call it now and then: what comes from the camera is counted. */
  tend(nowMs: number): void {
    this.#care.receive(this.status.connection === 'streaming' ? this.camera.packets : null, nowMs);
    this.#tellCare(nowMs);
  }

  /** Aborted when it is being stopped. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** `keep`: what was recorded is still to be shown. */
  async stop(keep = this.known.all.some(({ owed = [] }) => owed.length > 0)): Promise<void> {
    this.#ending.abort();
    await this.#burst.stop();
    await this.camera.stop(keep);
  }

  get masks(): readonly NormalizedPolygon[] {
    return this.#region.masks;
  }

  /** From now on nobody sees what is under them either; what was prepared before is cut again. */
  addMasks(masks: readonly NormalizedPolygon[]): void {
    this.#region = { ...this.#region, masks: [...this.#region.masks, ...masks] };
    this.#masks.set(this.#region.masks);
    this.#gate.beginAnew();
    this.#care.forgetSharpness();
    this.#candidates.clear();
  }

  /** Count from now on, also for what is being followed. */
  set rules({ verify, gate }: PipelineRules) {
    this.#candidates.rules = verify;
    this.#knowsRoadUsers = verify.roadUsers;
    this.known.rules = verify;
    this.#gate.rules = gate;
    this.#burst.setPace(verify.burstFps, verify.burstSeconds * 1000);
  }

  /** Name, road, smallest box, thresholds and place count from now on as they are here; masks are only ever added. */
  configure(config: CameraConfig, settings: string | null): void {
    const { road, minBoxHeight } = config;
    const isOtherRoad = JSON.stringify(road) !== JSON.stringify(this.#region.road);
    this.#config = config;
    this.#settings = settings;
    this.#region = { ...this.#region, road, minBoxHeight };
    if (isOtherRoad) {
      this.#gate.setRoad(road);
      this.camera.setRoad(road);
      this.#burst.far = this.camera.far;
      this.#candidates.clear();
    }
    this.#options.onStatus(this);
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
    const { connection, reason } = this.status;
    if (size === null || connection !== 'streaming') {
      throw new Error(`the camera does not stream: ${reason ?? connection}`);
    }
    const access = accessTo(this.config, this.config.url);
    return { access, decoder: this.#options.camera.decoder, size, masks: this.#region.masks };
  }

  /** The camera as it sends. Whether it may be watched so is asked of it anew for every piece. */
  passedSource(): PassedSource | null {
    const { recording, recordedCodec: codec } = this.camera;
    if (codec === null) return null;
    return { recording, codec, isUnmasked: () => this.#region.masks.length === 0 };
  }

  /** Whether the picture shows it where it was seen; what is not known here was seen in no other view. */
  isInView(detection: string): boolean {
    const view = this.known.get(detection)?.view ?? null;
    return view === null || view === this.#view;
  }

  isMasked(box: NormalizedBox): boolean {
    return isMasked(this.#region, box);
  }

  /** Looks closely at a place until the inspection has what it needs or the time is over. */
  inspect(inspection: Inspection): () => void {
    const end = this.#inspections.add(inspection);
    this.#burst.begin(steadyMs(), true);
    return end;
  }

  /** The model's answer; the frame's slot is valid during this call. */
  onBoxes(frame: Frame, { boxes, missed }: Seen): void {
    const atMs = frame.capturedAtMs;
    // Frames of a closer look begin with the segment's, which may be older than what was analysed before.
    if (atMs <= this.#lastAnalysedMs) return;
    this.#lastAnalysedMs = atMs;
    const view = this.#viewOf.get(frame);
    // The camera has been turned since.
    if (view === undefined || view !== this.#view) return;
    const look = lookOf(frame, this.#options.pool, view, this.#gate.sightOf(frame), missed);
    const visible = boxes.filter(({ box }) => !isMasked(this.#region, box));
    // Drawing the road in another way, or asking for more certainty, must not make damage that is known look repaired.
    this.#inspections.look(visible, look);
    const { rest, events } = this.#recognition.absorb(visible, look);
    const fresh = rest.filter((box) => this.#counts(box));
    for (const { kind, damage } of events) {
      if (kind === 'grown') this.#options.reporter.updated(this, damage);
      else this.#options.reporter.cleared(this, damage);
    }
    const verified = this.#candidates.look(fresh, look);
    for (const field of fieldsIn(verified, ({ track }) => placeOf(track))) this.#onField(field, frame, look);
    if (!this.#candidates.anyWaiting && !this.#inspections.any) this.#burst.finish();
  }

  /** Whether a box may become new damage. */
  #counts({ box, damageClass, score }: Box): boolean {
    const { thresholds = {} } = this.#config;
    return liesOnRoad(this.#region, box) && score >= (thresholds[damageClass] ?? 0);
  }

  #wish(): Wish {
    const now = steadyMs();
    const { followedFromMs } = this.#candidates;
    const followedMs = followedFromMs === null ? null : now - followedFromMs;
    return {
      wanted: this.#wanted(),
      ageMs: now - this.#countedMs,
      followedMs: this.#inspections.any ? Number.POSITIVE_INFINITY : followedMs,
    };
  }

  #wanted(): Wanted {
    if (this.#burst.hasTakenOver(steadyMs())) return 'none';
    return this.#isEager() ? 'each' : 'usual';
  }

  #onFrame(frame: Frame): void {
    if (this.#burst.hasTakenOver(steadyMs())) this.#options.pool.releaseFrame(frame);
    else this.#judge(frame, this.#isEager());
  }

  /** Whether each look counts, also one that shows nothing new. */
  #isEager(): boolean {
    return this.#inspections.any || this.#candidates.anyPromising || this.#isLearning();
  }

  /** What was found a moment ago is seen once more, so that its repair can be recognised however soon it comes. */
  #isLearning(): boolean {
    if (this.#found === null) return false;
    if (steadyMs() < this.#found.untilMs && !this.#places.isKnownWell(this.#found.id)) return true;
    this.#found = null;
    return false;
  }

  #judge(frame: Frame, wanted: boolean): void {
    this.#masks.paint(frame);
    const verdict = this.#gate.judge(frame, wanted);
    // Of what passes a clearer look is waited for, and not for long.
    if (verdict.reason !== 'passing') this.#countedMs = frame.capturedAtMs;
    if (verdict.view !== null && verdict.view !== this.#view) this.#turnTo(verdict.view);
    if (verdict.fault !== this.status.fault) this.#setStatus({ fault: verdict.fault });
    const isWell = verdict.fault === null && verdict.view !== null;
    const sharpness = isWell ? this.#gate.sightOf(frame).grid.sharpness : null;
    const { capturedAtMs } = frame;
    this.#care.look(
      { isDark: verdict.fault === 'dark', sharpness },
      this.#config.position,
      capturedAtMs,
      wallMs(capturedAtMs),
    );
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
    this.#candidates.clear();
  }

  /** What was verified in one look and lies beside each other is told as one, or with what was found there a moment ago. */
  #onField(field: readonly Verified[], frame: Frame, look: Look): void {
    const nowMs = steadyMs();
    const { view } = look;
    const places = field.map(({ track }) => placeOf(track));
    const beside = places.map(({ box, damageClass }) => this.known.beside(view, box, damageClass, nowMs));
    let told = beside.find((known) => known !== undefined);
    for (const { track, prepared } of field) {
      const { box, damageClass } = placeOf(track);
      // Another track may have become the same damage in this very frame.
      if (this.known.match(view, box, damageClass) !== undefined) continue;
      const wasThere = this.#views.hasLookedSo(view, look.grid, box, look.atMs);
      const of = {
        id: newId(),
        camera: this.id,
        view,
        ...(wasThere ? { since: 'before_first_look' as const } : {}),
        frame: frame.source,
        capturedAtMs: prepared.atMs,
        nowMs,
      };
      if (told === undefined) {
        const publishedBox = extentOf(places.map((place) => place.box));
        told = { ...verifiedDamage(track, of), publishedBox };
        this.#know(told, look);
        this.#open(told, prepared, frame);
      } else {
        const part = verifiedDamage(track, { ...of, partOf: told.id });
        this.#know(part, look);
        const { score, seen, looked } = part;
        const observations = { seen, looked };
        this.#log.info(
          { camera: this.id, detection: told.id, damageClass, score, box, observations },
          'damage verified beside a detection',
        );
      }
    }
  }

  #know(damage: KnownDamage, look: Look): void {
    this.#recognition.add(damage, look);
    this.#found = { id: damage.id, untilMs: damage.verifiedAtMs + LEARN_MS };
    this.#burst.wasFruitful();
  }

  #open(damage: KnownDamage, prepared: Prepared, frame: Frame): void {
    const { id: detection, damageClass, score, publishedBox: box } = damage;
    this.#log.info(
      {
        camera: this.id,
        detection,
        damageClass,
        score,
        box,
        firstSeenAt: timestamp(wallMs(damage.firstSeenAtMs)),
        ...(damage.since === undefined ? {} : { since: damage.since }),
        verifiedAt: timestamp(wallMs(damage.verifiedAtMs)),
        capturedAt: timestamp(wallMs(frame.capturedAtMs)),
        observations: { seen: damage.seen, looked: damage.looked },
      },
      'detection verified',
    );
    const mark = { box, damageClass, score };
    const pictures = this.#prepared.pictures(prepared, mark);
    if (this.#knowsRoadUsers) this.#rememberAround(damage, pictures);
    this.#options.reporter.opened(this, damage, pictures, this.#seen(frame, prepared, mark));
  }

  /** What stands around it in its picture is not new there when somebody looks for a crew. */
  #rememberAround({ id, publishedBox: box }: KnownDamage, pictures: Promise<readonly EvidenceFile[]>): void {
    const { quietWork, roadUsers } = this.#options;
    const look = async (still: EvidenceFile): Promise<void> => {
      try {
        const users = await usersInPicture(still, box, roadUsers);
        if (users !== null) this.known.stoodAround(id, users);
      } catch (error) {
        const reason = (error as Error).message;
        this.#log.warn({ camera: this.id, detection: id, reason }, 'picture not read for who is in it');
      }
    };
    pictures.then(
      (files) => {
        const still = files.find(({ ref }) => ref.kind === 'still');
        if (still !== undefined) quietWork.add(() => look(still));
      },
      // Who publishes it says so.
      () => {},
    );
  }

  /** What the model was shown, for a camera whose full stream may not come in time for a picture; null where it is there. */
  #seen(frame: Frame, { isThere }: Prepared, mark: Mark): Promise<readonly EvidenceFile[]> | null {
    if (isThere || !this.camera.hasSubStream) return null;
    const { pool, evidence } = this.#options;
    return evidence.seen({ ...rgbOf(frame, pool), capturedAtMs: frame.capturedAtMs }, mark);
  }

  #onConnection(connection: ConnectionState, why: Why | null): void {
    if (connection === 'streaming') this.#care.admitted();
    else if (why?.code === 'camera_refused') this.#care.refused();
    this.#setStatus({ connection, reason: why?.reason ?? null, code: why?.code ?? null });
    this.#tellCare(steadyMs());
  }

  #tellCare(nowMs: number): void {
    const before = this.#care.now;
    if (!this.#care.update(nowMs)) return;
    const { now } = this.#care;
    for (const { code, detail } of now)
      if (before.every((care) => care.code !== code))
        this.#log.warn({ camera: this.id, fault: code, reason: detail }, 'camera needs care');
    for (const { code } of before)
      if (now.every((care) => care.code !== code))
        this.#log.info({ camera: this.id, fault: code }, 'camera is cared for');
    this.#options.onStatus(this);
  }

  #setStatus(change: Partial<Status>): void {
    if (this.#status.set(change, this.camera.source)) this.#options.onStatus(this);
  }
}

function placeOf(track: Track): Pick<KnownDamage, 'box' | 'damageClass'> {
  return { box: boxOf(track), damageClass: classOf(track) };
}
