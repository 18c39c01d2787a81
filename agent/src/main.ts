/** The agent, put together: cameras -> gate -> model -> tracks -> detections -> outbox -> MQTT. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Semaphore, steadyMs } from '@roadwatch/common';
import {
  type AgentStatus,
  type AgentTrouble,
  type Detection,
  isOpenToOthers,
  newId,
  originOf,
  signMessage,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { Logger } from 'pino';
import { handleCommand } from './commands/handlers.ts';
import { Commands } from './commands/receiver.ts';
import type { ResolvedConfig } from './config/config.ts';
import type { HardwarePreset } from './config/schema.ts';
import { Detector } from './detect/detector.ts';
import { loadModel } from './detect/model.ts';
import { EvidenceMaker } from './evidence/evidence.ts';
import { missingTools } from './ffmpeg/containment.ts';
import { type DecoderOptions, probeHardware } from './ffmpeg/hardware.ts';
import { ffmpegProblem, ffmpegVersion } from './ffmpeg/probe.ts';
import { FramePool } from './frame/pool.ts';
import { type AgentFigures, Metrics } from './health/metrics.ts';
import { HealthServer } from './health/server.ts';
import { HealthVerdict, type Verdict } from './health/verdict.ts';
import { Renewal } from './identity/renewal.ts';
import { liveRefusal } from './live/gateway-address.ts';
import { LiveSessions } from './live/live-sessions.ts';
import { BurstBudget, IdleCores } from './pipeline/burst-budget.ts';
import { CameraPipeline } from './pipeline/camera-pipeline.ts';
import { sweepRings } from './ring/files.ts';
import { keepOwed, owedFolder } from './ring/owed.ts';
import { RingRoom } from './ring/room.ts';
import { agentFigures } from './status/agent-figures.ts';
import { cameraState } from './status/camera-state.ts';
import { AddedMasks } from './store/added-masks.ts';
import { KnownStore } from './store/known-damage.ts';
import { SceneStore } from './store/scene.ts';
import { AgentStore, type Unsaved } from './store/store.ts';
import { Uplink } from './uplink/mqtt.ts';
import { Outbox, type StoredMessage } from './uplink/outbox.ts';
import { Reporter } from './uplink/reporter.ts';

export const AGENT_VERSION = '0.1.0';

export interface Agent {
  /** Where /healthz and /metrics are. */
  readonly healthUrl: string;
  figures(): AgentFigures;
  /** Drains and ends everything the agent started; safe to call again. What was verified and is neither sent nor on disk. */
  stop(): Promise<readonly Unsaved[]>;
}

const OPEN_LINE =
  'not encrypted: whoever is between here and there reads and alters it; give an address with TLS';
const STARTING_AT_ONCE = 8;
const CLOSER_LOOKS_AT_ONCE = 4;
const SPARE_SLOTS = 10;
const STATE_EVERY_MS = 10_000;
const STATUS_EVERY_MS = 30_000;
const SAVE_EVERY_MS = 60_000;
const TEND_EVERY_MS = 5_000;

/** Of shared memory: one for each picture that a camera may have waiting, and some that are being filled. */
function slotsFor(cameras: ResolvedConfig['cameras']): number {
  const pictures = cameras.reduce((sum, { farPass }) => sum + (farPass ? 2 : 1), 0);
  return pictures + SPARE_SLOTS * (cameras.some(({ farPass }) => farPass) ? 2 : 1);
}

/** Starts an agent. Throws one sentence when it cannot: the model, ffmpeg, the data folder or the health port. */
export async function startAgent(config: ResolvedConfig, log: Logger): Promise<Agent> {
  const version = await ffmpegVersion();
  const unusable = ffmpegProblem(version);
  if (unusable !== null) throw new Error(unusable);
  const missing = missingTools();
  if (missing.length > 0)
    log.warn({ missing }, 'ffmpeg runs without limits (Debian: apt-get install util-linux)');
  const model = await loadModel(config.model);
  const store = AgentStore.open(config.dataDir, log);
  const outbox = new Outbox(store, { maxBytes: config.outbox.maxMegabytes * 2 ** 20 });
  const knownStore = new KnownStore(store);
  const sceneStore = new SceneStore(store);
  const addedMasks = new AddedMasks(store);
  const pool = new FramePool(model.format, slotsFor(config.cameras));
  const stopping = new AbortController();
  const evidence = new EvidenceMaker(stopping.signal);
  const watches = new Map<string, CameraPipeline>();
  const ringRoom = new RingRoom({
    dir: config.ring.dir,
    cameras: config.cameras.length,
    maxBytes: config.ring.maxMegabytes * 2 ** 20,
  });
  const healthVerdict = new HealthVerdict(performance.now());
  const startedAtMs = Date.now();
  const bootId = newId();

  const metrics = new Metrics(() => figures());
  const detector = await Detector.start(
    model,
    pool,
    config.inference.threads,
    {
      onBoxes: (camera, frame, seen, elapsedMs) => {
        metrics.observeInference(elapsedMs);
        watches.get(camera)?.onBoxes(frame, seen);
      },
      onError: (camera, error) => log.error({ camera, reason: error.message }, 'frame not analysed'),
    },
    log,
  );

  const troubles = (): readonly AgentTrouble[] => [
    ...store.troubles,
    ...ringRoom.troubles,
    ...uplink.troubles,
  ];
  const status = (state: 'online' | 'offline'): AgentStatus => ({
    v: WIRE_VERSION,
    site: config.site,
    agent: config.agent,
    state,
    bootId,
    at: timestamp(Date.now()),
    startedAt: timestamp(startedAtMs),
    version: AGENT_VERSION,
    model: model.ref,
    cameras: config.cameras.length,
    outboxDepth: outbox.depth,
    uplink: { bytesPerSecond: uplink.figures.bytesPerSecond, waitingBytes: uplink.figures.waitingBytes },
    troubles: [...troubles()],
  });
  const sayState = (watch: CameraPipeline): void => {
    const { superseded } = detector.scheduler.turns(watch.id);
    const streaming = [...watches.values()].filter(({ status }) => status.connection === 'streaming');
    healthVerdict.note(streaming.length, performance.now());
    uplink.publishState(
      uplink.topics.cameraState(watch.id),
      cameraState(watch, { ...config, bootId }, superseded, steadyMs()),
    );
  };
  const uplink = new Uplink(
    config,
    outbox,
    {
      status,
      onConnected: () => watches.forEach(sayState),
      onCommand: (payload) => commands.receive(payload, Date.now()),
      onPublished: (message) => {
        if (message.kind === 'detection') log.info(named(message), 'detection published');
      },
      onStored: (message) => {
        if (message.kind === 'detection') log.info(named(message), 'detection stored');
      },
    },
    log,
  );
  const { identity } = config;
  const reporter = new Reporter(
    {
      site: config.site,
      agent: config.agent,
      model: model.ref,
      outbox,
      store: knownStore,
      evidence,
      sign:
        identity === null ? null : (detection) => signMessage(detection, identity.privateKey, identity.key),
      witness: (camera) => watches.get(camera),
      onCommitted: () => uplink.notify(),
    },
    log,
  );
  const addresses = { gatewayUrl: config.gateway.url, brokerUrl: config.mqtt.url.reveal() };
  for (const [field, url] of Object.entries({
    'mqtt.url': addresses.brokerUrl,
    'gateway.url': addresses.gatewayUrl,
  }))
    if (url !== undefined && isOpenToOthers(url)) log.warn({ field, address: originOf(url) }, OPEN_LINE);
  const lives = new LiveSessions(
    log,
    config.gateway.caFile === undefined ? undefined : readFileSync(config.gateway.caFile, 'utf8'),
  );
  const commands = new Commands(
    handleCommand({
      watches,
      evidence,
      lives,
      addedMasks,
      burstSeconds: config.verify.burstSeconds,
      liveRefusal: (url) => liveRefusal(url, addresses),
    }),
    { onReply: (command, reply, files) => reporter.reply(command.camera, reply, files) },
    log,
  );

  const decoders = await probeDecoders(config, log);
  const starting = new Semaphore(STARTING_AT_ONCE);
  const idle = new IdleCores();
  const budget = new BurstBudget(CLOSER_LOOKS_AT_ONCE, idle);
  const ringDir = (id: string): string => join(config.ring.dir, id);
  // Before a recording takes the place of the one before.
  const owed = new Map(
    config.cameras.map(({ id }) => {
      const moments = knownStore.load(id).filter((damage) => (damage.owed ?? []).length > 0);
      const times = moments.map(({ capturedAtMs }) => capturedAtMs);
      return [id, times.length === 0 ? null : keepOwed(ringRoom.placesOf(ringDir(id)), times)];
    }),
  );
  const kept = config.cameras.flatMap(({ id }) => (owed.get(id) ? [owedFolder(id)] : []));
  ringRoom.sweep(kept);
  const left = sweepRings(config.ring.dir, [...config.cameras.map(({ id }) => id), ...kept]);
  if (left.length > 0) log.warn({ left }, 'video of cameras that are no more cannot be deleted');
  for (const camera of config.cameras) {
    const watch = new CameraPipeline(
      {
        config: { ...camera, masks: [...camera.masks, ...addedMasks.load(camera)] },
        rules: config,
        input: model.manifest.input,
        pool,
        camera: {
          decoder: decoders.get(camera.hardware ?? config.hardware) as DecoderOptions,
          ringDir: ringDir(camera.id),
          ringLimits: { seconds: config.ring.seconds, maxBytes: config.ring.maxMegabytes * 2 ** 20 },
          starting,
          ringRoom,
        },
        known: knownStore.load(camera.id),
        scene: sceneStore.load(camera.id),
        budget,
        evidence,
        reporter,
        analyse: (id, frame) => detector.offer(id, frame),
        onStatus: sayState,
      },
      log,
    );
    watches.set(camera.id, watch);
  }

  const figures = (): AgentFigures =>
    agentFigures({ pipelines: watches, scheduler: detector.scheduler, outbox, uplink, pool });
  const saveKnown = (): void => {
    const scenes = [...watches].map(([camera, watch]) => ({ camera, scene: watch.takeScene() }));
    try {
      outbox.atomically(() => {
        for (const watch of watches.values()) for (const damage of watch.known.all) knownStore.touch(damage);
        for (const { camera, scene } of scenes) if (scene !== null) sceneStore.save(camera, scene);
      });
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'known damage not written to disk');
    }
  };

  const verdict = (): Verdict => healthVerdict.judge(watches.size, troubles(), performance.now());
  let saidTroubles: readonly string[] = [];
  const tend = (): void => {
    store.tend();
    uplink.notify();
    const codes = troubles().map(({ code }) => code);
    if (codes.join() === saidTroubles.join()) return;
    for (const { code, detail } of ringRoom.troubles)
      if (!saidTroubles.includes(code)) log.warn({ reason: detail }, 'the video ring has moved');
    saidTroubles = codes;
    uplink.publishState(uplink.topics.status, status('online'));
  };

  const health = await HealthServer.start({ ...config.health, metrics, read: figures, judge: verdict });
  uplink.start();
  const renewal = startRenewal(config, (certificate) => uplink.useCertificate(certificate), log);
  for (const watch of watches.values()) {
    const recording = owed.get(watch.id) ?? null;
    if (recording !== null)
      reporter.settle(watch, {
        camera: watch.id,
        recording,
        get masks() {
          return watch.masks;
        },
      });
    watch.start();
  }
  const timers = [
    setInterval(() => watches.forEach(sayState), STATE_EVERY_MS),
    setInterval(() => uplink.publishState(uplink.topics.status, status('online')), STATUS_EVERY_MS),
    setInterval(saveKnown, SAVE_EVERY_MS),
    setInterval(tend, TEND_EVERY_MS),
  ];
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
    timers.forEach(clearInterval);
    await renewal?.stop();
    await health.stop();
    await commands.stop();
    await lives.stopAll();
    await Promise.all([...watches.values()].map((watch) => watch.stop()));
    await detector.stop();
    await reporter.stop();
    stopping.abort();
    saveKnown();
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
    stop: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** Null on a box that has not been paired. */
function startRenewal(
  { identity, gateway, dataDir }: ResolvedConfig,
  onRenewed: (certificate: string) => void,
  log: Logger,
): Renewal | null {
  if (identity === null || gateway.url === undefined) return null;
  const line = { url: gateway.url, caFile: gateway.caFile };
  const renewal = new Renewal(identity, { dataDir, gateway: line, now: Date.now, onRenewed }, log);
  renewal.start();
  return renewal;
}

/** Which detection, and which revision of it, a message in the outbox is. */
function named({ payload }: StoredMessage): object {
  const { id, revision, camera } = JSON.parse(Buffer.from(payload).toString('utf8')) as Detection;
  return { camera, detection: id, revision };
}

/** Each preset that is asked for is tried once. */
async function probeDecoders(
  config: ResolvedConfig,
  log: Logger,
): Promise<ReadonlyMap<HardwarePreset, DecoderOptions>> {
  const wanted = new Set(config.cameras.map((camera) => camera.hardware ?? config.hardware));
  const decoders = new Map<HardwarePreset, DecoderOptions>();
  for (const preset of wanted) {
    const { decoder, problem } = await probeHardware(preset);
    if (problem !== null) log.warn({ hardware: preset, reason: problem }, 'decoding in software');
    decoders.set(preset, decoder);
  }
  return decoders;
}
