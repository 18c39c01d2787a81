/** What /metrics shows of the agent, and its owner asks for: counted where it happens, put together here. */
import { steadyMs } from '@roadwatch/common';
import type { MachineState } from '@roadwatch/contract';
import type { FullStreams } from '../camera/full-streams.ts';
import type { Detector } from '../detect/detector.ts';
import type { Scheduler } from '../detect/scheduler.ts';
import type { FramePool } from '../frame/pool.ts';
import type { AgentFigures, ReloadFigures } from '../health/metrics.ts';
import type { Looks } from '../look/looks.ts';
import type { CameraPipeline } from '../pipeline/camera-pipeline.ts';
import type { Uplink } from '../uplink/mqtt.ts';
import type { Outbox } from '../uplink/outbox.ts';

interface AgentParts {
  readonly pipelines: ReadonlyMap<string, CameraPipeline>;
  readonly scheduler: Scheduler;
  readonly outbox: Outbox;
  readonly uplink: Uplink;
  readonly pool: FramePool;
  readonly looks: Looks;
  readonly fullStreams: FullStreams;
  readonly reloads: { readonly figures: ReloadFigures };
  readonly machine: { readonly now: MachineState };
  readonly detector: Pick<Detector, 'inference'>;
}

export function agentFigures({
  pipelines,
  scheduler,
  outbox,
  uplink,
  pool,
  looks,
  fullStreams,
  reloads,
  machine,
  detector,
}: AgentParts): AgentFigures {
  return {
    // Of one that is paused nothing is expected.
    cameras: [...pipelines.values()]
      .filter(({ config }) => config.enabled)
      .map((pipeline) => cameraFigures(pipeline, scheduler, steadyMs())),
    outboxDepth: outbox.depth,
    outboxBytes: outbox.bytes,
    outboxEvicted: outbox.evicted,
    deadLetters: outbox.deadLetters,
    refused: uplink.figures.refused,
    brokerConnected: uplink.connected,
    uplink: uplink.figures,
    freeSlots: pool.freeSlots,
    lookEverySeconds: looks.everySeconds,
    lookLateSeconds: looks.lateSeconds(performance.now()),
    fullStreams: fullStreams.running,
    fullStreamsWaiting: fullStreams.waiting,
    reloads: reloads.figures,
    machine: machine.now,
    inference: detector.inference,
  };
}

function cameraFigures(
  pipeline: CameraPipeline,
  scheduler: Scheduler,
  nowMs: number,
): AgentFigures['cameras'][number] {
  const { analysed, superseded } = scheduler.turns(pipeline.id);
  const { lastFrameAtMs, restarts, decodeErrors } = pipeline.camera;
  return {
    camera: pipeline.id,
    lastFrameAgeSeconds: lastFrameAtMs === null ? null : (nowMs - lastFrameAtMs) / 1000,
    staleSeconds: pipeline.lastLookMs === 0 ? null : (nowMs - pipeline.lastLookMs) / 1000,
    fps: pipeline.camera.fps(nowMs),
    drops: pipeline.drops + superseded,
    analysed,
    skipped: pipeline.skipped,
    restarts,
    decodeErrors,
    closerLooks: pipeline.closerLooks,
    refused: pipeline.refused,
    knownDamage: pipeline.known.all.filter(({ partOf }) => partOf === undefined).length,
    streaming: pipeline.status.connection === 'streaming',
  };
}
