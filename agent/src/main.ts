/** The agent, put together: cameras -> gate -> model -> tracks -> detections -> outbox -> MQTT. */
import { readFileSync } from 'node:fs';
import { type Liveness, Semaphore, steadyMs, thrown } from '@roadwatch/common';
import {
  type AgentStatus,
  type CameraState,
  type ConfigurationReport,
  newId,
  signMessage,
} from '@roadwatch/contract';
import { shippedModel } from '@roadwatch/models';
import type { Logger } from 'pino';
import { FullStreams, fullStreamsOf } from './camera/full-streams.ts';
import { GatewayClock } from './commands/gateway-clock.ts';
import { handleCommand } from './commands/handlers.ts';
import { Commands } from './commands/receiver.ts';
import type { ResolvedConfig } from './config/config.ts';
import { LogLevel } from './control/log-level.ts';
import { ControlSocket } from './control/socket.ts';
import { Decoders } from './decode/decoders.ts';
import { Detector } from './detect/detector.ts';
import { alertThresholds } from './detect/model.ts';
import { ROAD_USERS_MODEL, RoadUsers } from './detect/road-users.ts';
import type { Seen } from './detect/scheduler.ts';
import { EvidenceMaker } from './evidence/evidence.ts';
import { missingTools } from './ffmpeg/containment.ts';
import { ffmpegProblem, ffmpegVersion } from './ffmpeg/probe.ts';
import { type Frame, FramePool, slotsFor } from './frame/pool.ts';
import { liveness } from './health/liveness.ts';
import { type AgentFigures, Metrics } from './health/metrics.ts';
import { type Progress, readiness } from './health/readiness.ts';
import { HealthServer } from './health/server.ts';
import { HealthVerdict, type Verdict } from './health/verdict.ts';
import { startRenewal } from './identity/renewal.ts';
import { liveRefusal } from './live/gateway-address.ts';
import { LiveSessions } from './live/live-sessions.ts';
import { Looks } from './look/looks.ts';
import { tidyForCameras } from './machine/garbage.ts';
import { MachineWatch } from './machine/machine-watch.ts';
import { BurstBudget, IdleCores } from './pipeline/burst-budget.ts';
import type { CameraPipeline } from './pipeline/camera-pipeline.ts';
import { Cameras } from './pipeline/cameras.ts';
import { QuietWork } from './pipeline/quiet-work.ts';
import { BoxLayer } from './reload/box-layer.ts';
import { Reloads } from './reload/reloads.ts';
import { RingRoom } from './ring/room.ts';
import { agentFigures } from './status/agent-figures.ts';
import { agentStatus, lineSaid } from './status/agent-status.ts';
import { cameraState } from './status/camera-state.ts';
import { discoveryMessages } from './status/discovery.ts';
import { HomeAssistant } from './status/home-assistant.ts';
import { Troubles } from './status/troubles.ts';
import { AddedMasks } from './store/added-masks.ts';
import { BoxSettingsFile } from './store/box-settings.ts';
import { CameraSettingsStore } from './store/camera-settings.ts';
import { KnownSaving, KnownStore } from './store/known-damage.ts';
import { SceneStore } from './store/scene.ts';
import { AgentStore, type Unsaved } from './store/store.ts';
import { gatewayFiles } from './updates/gateway-files.ts';
import { ModelWatch } from './updates/model-watch.ts';
import { startModels } from './updates/start-models.ts';
import { Updater } from './updates/updater.ts';
import { Answers } from './uplink/answers.ts';
import { DayBudget } from './uplink/day-budget.ts';
import { detectionIn } from './uplink/detection-message.ts';
import { Uplink } from './uplink/mqtt.ts';
import { warnOfOpenLines } from './uplink/open-line.ts';
import { Outbox } from './uplink/outbox.ts';
import { Reporter } from './uplink/reporter.ts';
import { VERSION } from './version.ts';

export interface Agent {
  /** Where /healthz, /readyz and /metrics are. */
  readonly healthUrl: string;
  figures(): AgentFigures;
  /** Whether what comes from the cameras is looked at, for whoever would end an agent that hangs. */
  liveness(): Liveness;
  /** Reads the file anew and applies it, or refuses it and says why; as soon as the agent has started, and not while it stops. */
  reload(): Promise<void>;
  /** Drains and ends everything the agent started; safe to call again. What was verified and is neither sent nor on disk. */
  stop(): Promise<readonly Unsaved[]>;
}

const STARTING_AT_ONCE = 8;
const CLOSER_LOOKS_AT_ONCE = 4;
const STATE_EVERY_MS = 10_000;
const STATUS_EVERY_MS = 30_000;
const TEND_EVERY_MS = 5_000;

/**
 * Starts an agent. Throws one sentence when it cannot: the model, ffmpeg, the data folder or the health port. `own`: as its file has it.
 * `file`: where that comes from, and may change; left out, it stays as it is.
 */
export async function startAgent(
  own: ResolvedConfig,
  log: Logger,
  file: string | null = null,
): Promise<Agent> {
  const version = await ffmpegVersion();
  const unusable = ffmpegProblem(version);
  if (unusable !== null) throw new Error(unusable);
  const missing = missingTools();
  if (missing.length > 0)
    log.warn({ missing }, 'ffmpeg runs without limits (Debian: apt-get install util-linux)');
  const store = AgentStore.open(own.dataDir, log);
  const layer = new BoxLayer(
    {
      own,
      file: new BoxSettingsFile(own.dataDir),
      apply: (next) => apply(next),
      onReport: () => sayConfiguration(),
    },
    log,
  );
  const { config } = layer;
  if (config.log.level !== own.log.level) log.level = config.log.level;
  const logLevel = new LogLevel(log, config.log.level);
  const outbox = new Outbox(store, {
    maxBytes: config.outbox.maxMegabytes * 2 ** 20,
    onSpoilt: (message) => reporter.setAside(message, 'spoilt'),
  });
  const knownStore = new KnownStore(store);
  const sceneStore = new SceneStore(store);
  const addedMasks = new AddedMasks(store);
  const cameraSettings = new CameraSettingsStore(store);
  const stopping = new AbortController();
  const evidence = new EvidenceMaker(stopping.signal);
  const watches = new Map<string, CameraPipeline>();
  const ringRoom = new RingRoom({
    dir: config.ring.dir,
    cameras: config.cameras.length,
    maxBytes: config.ring.maxMegabytes * 2 ** 20,
  });
  const machine = new MachineWatch(
    { folders: { data: config.dataDir, ring: config.ring.dir } },
    performance.now(),
  );
  const healthVerdict = new HealthVerdict(performance.now());
  const startedAtMs = Date.now();
  const bootId = newId();

  const metrics = new Metrics(() => figures());
  const modelWatch = new ModelWatch();
  const models = await startModels(config, log, async (model) => {
    const pool = new FramePool(model.format, slotsFor(config.cameras));
    const events = {
      onBoxes: (camera: string, frame: Frame, seen: Seen, elapsedMs: number) => {
        metrics.observeInference(elapsedMs);
        modelWatch.analysed(elapsedMs);
        watches.get(camera)?.onBoxes(frame, seen);
      },
      onError: (camera: string, error: Error) => {
        modelWatch.failed();
        log.error({ camera, ...thrown(error) }, 'frame not analysed');
      },
    };
    return { pool, detector: await Detector.start(model, pool, config.inference, events, log) };
  });
  const { model, pool, detector } = models;
  tidyForCameras(config.cameras.length);
  const looks = new Looks(new Decoders(model.manifest.input, pool), config.look);
  const fullStreams = new FullStreams(fullStreamsOf(config.look));

  const sayState = (watch: CameraPipeline): void => {
    const { superseded } = detector.scheduler.turns(watch.id);
    const streaming = [...watches.values()].filter(({ status }) => status.connection === 'streaming');
    healthVerdict.note(streaming.length, performance.now());
    uplink.publishState(uplink.topics.cameraState(watch.id), stateOf(watch, superseded));
  };
  const stateOf = (watch: CameraPipeline, superseded: number): CameraState =>
    cameraState(watch, { ...config, bootId }, layer.ownCamera(watch.id), superseded, steadyMs());
  const configuration = (): ConfigurationReport => ({ ...layer.report, refused: reloads.refused });
  const tell = (): object => ({
    site: config.site,
    agent: config.agent,
    version: VERSION,
    log: logLevel.now,
    broker: uplink.figures.broker,
    uplink: lineSaid(uplink.figures),
    machine: machine.now,
    inference: detector.inference,
    configuration: configuration(),
    cameras: [...watches.values()].map((watch) =>
      stateOf(watch, detector.scheduler.turns(watch.id).superseded),
    ),
  });
  const gatewayClock = new GatewayClock();
  const dayBudget = new DayBudget({
    dataDir: config.dataDir,
    bytesPerDay: bytesPerDay(config),
    clock: gatewayClock,
    log,
  });
  const uplink = new Uplink(
    config,
    { outbox, budget: dayBudget },
    {
      status: (state) => status(state),
      onConnected: () => {
        watches.forEach(sayState);
        homeAssistant.connected(performance.now());
      },
      onCommand: (payload) => commands.receive(payload, gatewayClock.nowMs()),
      onGatewayTime: (at) => gatewayClock.told(at),
      onPublished: (message) => {
        if (message.kind === 'detection') log.info(detectionIn(message.payload), 'detection published');
      },
      onStored: (message) => {
        if (message.kind === 'detection') log.info(detectionIn(message.payload), 'detection stored');
      },
      onRefused: (message) => reporter.setAside(message, 'not_taken'),
    },
    log,
  );
  let discovery = config.homeAssistant;
  const homeAssistant = new HomeAssistant({
    dataDir: config.dataDir,
    messages: () =>
      discovery.enabled
        ? discoveryMessages({
            ...{ ...discovery, site: config.site, agent: config.agent, version: VERSION },
            topics: uplink.topics,
            cameras: [...watches.values()].map(({ config: { id, name } }) => ({ id, name })),
          })
        : new Map(),
    retain: (topic, text, done) => uplink.retain(topic, text, done),
    log,
  });
  const troubles = new Troubles(
    {
      store,
      ringRoom,
      looks,
      fullStreams,
      uplink,
      homeAssistant,
      get reloads() {
        return reloads;
      },
    },
    log,
  );
  const saysOf = {
    site: config.site,
    agent: config.agent,
    bootId,
    startedAtMs,
    version: VERSION,
    get model() {
      return detector.model.ref;
    },
    updates: {
      get reports() {
        return updater.reports;
      },
    },
    get thresholds() {
      return alertThresholds(detector.model);
    },
    get cameras() {
      return watches.size;
    },
    get configuration() {
      return configuration();
    },
    outbox,
    uplink,
    machine,
  };
  const status = (state: AgentStatus['state']): AgentStatus =>
    agentStatus(saysOf, state, troubles.all, Date.now());
  const { identity } = config;
  let { clips } = config.evidence;
  const reporter = new Reporter(
    {
      site: config.site,
      agent: config.agent,
      get model() {
        return detector.model.ref;
      },
      outbox,
      store: knownStore,
      evidence,
      sign:
        identity === null ? null : (detection) => signMessage(detection, identity.privateKey, identity.key),
      witness: (camera) => watches.get(camera),
      keepsClips: () => clips === 'on_demand' || (clips === 'auto' && uplink.isPoor),
      onCommitted: () => uplink.notify(),
    },
    log,
  );
  warnOfOpenLines(
    {
      'mqtt.url': config.mqtt.url.reveal(),
      ...Object.fromEntries(
        config.mqtt.fallbackUrls.map(({ url }, at) => [`mqtt.fallbackUrls[${at}]`, url.reveal()]),
      ),
      'gateway.url': config.gateway.url,
    },
    log,
  );
  const lives = new LiveSessions(
    log,
    {
      get isOpen() {
        return dayBudget.allows('live');
      },
      sent: (bytes) => dayBudget.sent(bytes),
    },
    config.gateway.caFile === undefined ? undefined : readFileSync(config.gateway.caFile, 'utf8'),
  );
  const updater = new Updater({
    ...models,
    watch: modelWatch,
    rules: config.updates,
    files: gatewayFiles(config, () => gatewayClock.nowMs()),
    nowMs: () => gatewayClock.nowMs(),
    onChanged: () => uplink.publishState(uplink.topics.status, status('online')),
    log,
  });
  const saving = new KnownSaving(
    { learners: watches, knownStore, sceneStore, atomically: (work) => outbox.atomically(work) },
    log,
  );
  const roadUsers = new RoadUsers(() => shippedModel(ROAD_USERS_MODEL), log);
  const idle = new IdleCores();
  const isLate = (): boolean => looks.lateSeconds(performance.now()) > 0;
  const quietWork = new QuietWork(isLate);
  const cameras = new Cameras(
    config,
    {
      input: model.manifest.input,
      pool,
      starting: new Semaphore(STARTING_AT_ONCE),
      looks,
      fullStreams,
      budget: new BurstBudget(CLOSER_LOOKS_AT_ONCE, idle, isLate),
      ringRoom,
      knownStore,
      sceneStore,
      addedMasks,
      cameraSettings,
      lives,
      saving,
      evidence,
      reporter,
      roadUsers,
      quietWork,
      analyse: (id, frame) => {
        looks.alsoTakes(detector.pictureCostMs);
        detector.offer(id, frame);
      },
      // Few boxes have to look for one: what reads ONVIF stays out of memory on all others.
      findSubStream: async (...asked) => (await import('./setup/sub-stream.ts')).findSubStream(...asked),
      onCandidate: () => modelWatch.candidate(),
      onStatus: sayState,
      onRemoved: (id) => detector.scheduler.forget(id),
    },
    watches,
    log,
  );
  let rules = config.verify;
  const apply = async (next: ResolvedConfig): Promise<void> => {
    logLevel.settings = next.log.level;
    rules = next.verify;
    clips = next.evidence.clips;
    outbox.maxBytes = next.outbox.maxMegabytes * 2 ** 20;
    dayBudget.bytesPerDay = bytesPerDay(next);
    updater.pace = next.updates;
    looks.rules = next.look;
    fullStreams.most = fullStreamsOf(next.look);
    tidyForCameras(next.cameras.length);
    await cameras.apply(next);
    discovery = next.homeAssistant;
    homeAssistant.changed();
  };
  const sayConfiguration = (): void => {
    watches.forEach(sayState);
    uplink.publishState(uplink.topics.status, status('online'));
  };
  const reloads = new Reloads(
    {
      file,
      config: own,
      apply: (next) => layer.applyOwn(next),
      onReport: sayConfiguration,
    },
    log,
  );
  const answers = new Answers({ outbox, budget: dayBudget, asked: (id) => uplink.asked(id) });
  const commands = new Commands(
    handleCommand({
      watches,
      evidence,
      lives,
      addedMasks,
      updates: updater,
      cameraSettings,
      ownConfigs: cameras.own,
      modelThresholds: () => alertThresholds(detector.model),
      boxSettings: layer,
      roadUsers,
      burstSeconds: () => rules.burstSeconds,
      allowsEvidence: (kind) => answers.allows(kind),
      sendEvidence: ({ camera, detection, name, sha256 }) =>
        answers.send(uplink.topics.evidence(camera, detection, name), sha256),
      liveRefusal: (url) =>
        liveRefusal(url, { gatewayUrl: config.gateway.url, brokerUrl: uplink.broker.url.reveal() }),
    }),
    {
      // What a box says for itself belongs to no camera.
      onReply: (command, reply, files) =>
        reporter.reply('camera' in command ? command.camera : '', reply, files),
    },
    log,
  );

  await cameras.load();
  const figures = (): AgentFigures =>
    agentFigures({
      pipelines: watches,
      scheduler: detector.scheduler,
      outbox,
      uplink,
      pool,
      looks,
      fullStreams,
      reloads,
      machine,
      detector,
    });
  const enabled = (): number =>
    [...watches.values()].filter(({ status }) => status.connection !== 'paused').length;
  const verdict = (): Verdict => healthVerdict.judge(enabled(), troubles.all, performance.now());
  const tend = (): void => {
    store.tend();
    uplink.notify();
    machine.look(performance.now());
    homeAssistant.tend(performance.now());
    if (troubles.takeChanged()) uplink.publishState(uplink.topics.status, status('online'));
  };

  let stage: Progress['stage'] = 'starting';
  const progress = (): Progress => ({
    stage,
    isModelLoaded: detector.isThere,
    cameras: enabled(),
    streaming: [...watches.values()].filter(({ status }) => status.connection === 'streaming').length,
  });
  const health = await HealthServer.start({
    ...config.health,
    ...{ metrics, read: figures, judge: verdict, readiness: () => readiness(progress()), tell },
  });
  const control = await ControlSocket.start(config.dataDir, logLevel, log);
  uplink.start();
  updater.start();
  const renewal = startRenewal(config, (certificate) => uplink.useCertificate(certificate), log);
  cameras.start();
  saving.start();
  const timers = [
    setInterval(() => {
      for (const watch of watches.values()) {
        watch.tend(steadyMs());
        sayState(watch);
      }
    }, STATE_EVERY_MS),
    setInterval(() => uplink.publishState(uplink.topics.status, status('online')), STATUS_EVERY_MS),
    setInterval(tend, TEND_EVERY_MS),
  ];
  reloads.start();
  stage = 'started';
  log.info(
    {
      site: config.site,
      agent: config.agent,
      cameras: watches.size,
      model: `${model.ref.name}-${model.ref.version}`,
      ffmpeg: version,
      health: health.url,
      outboxDepth: outbox.depth,
    },
    'agent started',
  );

  const end = async (): Promise<readonly Unsaved[]> => {
    stage = 'stopping';
    timers.forEach(clearInterval);
    await reloads.stop();
    await layer.stop();
    await renewal?.stop();
    await health.stop();
    await control?.stop();
    await commands.stop();
    await updater.stop();
    await lives.stopAll();
    await cameras.stop();
    await quietWork.stop();
    await looks.stop();
    await detector.stop();
    await roadUsers.stop();
    await reporter.stop();
    stopping.abort();
    saving.stop();
    await uplink.stop();
    metrics.close();
    ringRoom.close();
    idle.close();
    const unsaved = store.close();
    if (unsaved.length > 0)
      log.error(
        { unsaved: unsaved.slice(0, 100), count: unsaved.length },
        'verified, and neither sent nor saved',
      );
    log.info('agent stopped');
    return unsaved;
  };
  let ended: Promise<readonly Unsaved[]> | null = null;
  return {
    healthUrl: health.url,
    figures,
    liveness: () => liveness(figures(), detector.scheduler.longestWaitMs(performance.now())),
    reload: () => reloads.request(),
    stop: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** Null: as much as can be. */
function bytesPerDay({ uplink: { megabytesPerDay } }: ResolvedConfig): number | null {
  return megabytesPerDay === undefined ? null : megabytesPerDay * 1_000_000;
}
