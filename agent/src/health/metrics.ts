/** What the agent tells a monitoring system, in Prometheus' text format. Values are read when they are asked for. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MachineState } from '@roadwatch/contract';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ffmpegChildren } from '../ffmpeg/process.ts';
import { addMachineMetrics } from './machine-metrics.ts';

export interface CameraFigures {
  readonly camera: string;
  /** Seconds since the last frame that came and could be looked at; null before the first. */
  readonly lastFrameAgeSeconds: number | null;
  /** Seconds since the capture of the last frame that the model has seen or that held no news; null before the first. */
  readonly staleSeconds: number | null;
  readonly fps: number;
  readonly drops: number;
  readonly analysed: number;
  readonly skipped: number;
  readonly restarts: number;
  readonly decodeErrors: number;
  readonly closerLooks: number;
  /** Candidates that lay on vehicles or people. */
  readonly refused: number;
  readonly knownDamage: number;
  readonly streaming: boolean;
}

interface LineFigures {
  /** About what the line carries; null before it was measured. */
  readonly bytesPerSecond: number | null;
  readonly waitingBytes: number;
  readonly sentBytes: number;
  /** Of these, what had been sent before. */
  readonly resentBytes: number;
  /** Of this day in UTC. */
  readonly dayBytes: number;
  /** Null: as much as can be. */
  readonly dayBudgetBytes: number | null;
}

/** Of changes of the settings since start. */
export interface ReloadFigures {
  readonly applied: number;
  readonly refused: number;
  /** Whether what the file says now is what runs. */
  readonly isCurrent: boolean;
}

export interface AgentFigures {
  readonly cameras: readonly CameraFigures[];
  readonly outboxDepth: number;
  readonly outboxBytes: number;
  readonly outboxEvicted: number;
  readonly deadLetters: number;
  readonly refused: number;
  readonly brokerConnected: boolean;
  readonly uplink: LineFigures;
  readonly freeSlots: number;
  /** How often each camera is looked at when nothing happens, as far as its keyframes allow. */
  readonly lookEverySeconds: number;
  /** Of the camera whose look is most overdue. */
  readonly lookLateSeconds: number;
  /** Beside sub-streams: those that run, and the cameras that wait for theirs. */
  readonly fullStreams: number;
  readonly fullStreamsWaiting: number;
  readonly reloads: ReloadFigures;
  readonly machine: MachineState;
  /** How the model is run. */
  readonly inference: { readonly provider: string; readonly threads: number };
}

const INFERENCE_BUCKETS_S = [0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.2, 0.5, 1];
/** What only grows ends in `_total` and is a counter, as Prometheus has it; all else is a gauge. */
const kindOf = (name: string): typeof Counter | typeof Gauge => (name.endsWith('_total') ? Counter : Gauge);

export class Metrics {
  readonly #registry = new Registry();
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #inference: Histogram;

  constructor(read: () => AgentFigures) {
    this.#delay.enable();
    this.#inference = new Histogram({
      name: 'roadwatch_inference_seconds',
      help: 'tensor to boxes, inside the inference thread',
      buckets: INFERENCE_BUCKETS_S,
      registers: [this.#registry],
    });
    this.#addAgent(read);
    this.#addInference(read);
    addMachineMetrics(this.#registry, () => read().machine);
    this.#addCameras(read);
    this.#addRefusals(read);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeInference(milliseconds: number): void {
    this.#inference.observe(milliseconds / 1000);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#delay.disable();
  }

  #addAgent(read: () => AgentFigures): void {
    const figures: readonly [string, string, () => number][] = [
      ['event_loop_delay_p99_seconds', 'since the last time this was read', () => this.#takeDelay()],
      ['ffmpeg_children', 'ffmpeg processes alive', ffmpegChildren],
      ['resident_memory_bytes', 'of this process, without ffmpeg', () => process.memoryUsage.rss()],
      [
        'cpu_seconds_total',
        'of this process, without ffmpeg',
        () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
      ],
      ['outbox_depth', 'messages not acknowledged by the gateway', () => read().outboxDepth],
      ['outbox_bytes', 'their size', () => read().outboxBytes],
      ['outbox_evicted_total', 'messages given up because the outbox was full', () => read().outboxEvicted],
      ['dead_letters', 'messages that the gateway refused, kept aside', () => read().deadLetters],
      ['refused_total', 'messages that the gateway refused', () => read().refused],
      ['broker_connected', '1 or 0', () => Number(read().brokerConnected)],
      [
        'uplink_bytes_per_second',
        'about what the line to the broker carries; 0 before it was measured',
        () => read().uplink.bytesPerSecond ?? 0,
      ],
      [
        'uplink_waiting_bytes',
        'of the outbox, without what the gateway has',
        () => read().uplink.waitingBytes,
      ],
      ['uplink_sent_bytes_total', 'of messages and parts of files', () => read().uplink.sentBytes],
      ['uplink_resent_bytes_total', 'of these, sent before', () => read().uplink.resentBytes],
      ['uplink_day_bytes', 'that have gone over the line on this day in UTC', () => read().uplink.dayBytes],
      [
        'uplink_day_budget_bytes',
        'that may go on a day; 0: as much as can be',
        () => read().uplink.dayBudgetBytes ?? 0,
      ],
      ['frame_slots_free', 'of the shared memory for frames', () => read().freeSlots],
      [
        'look_every_seconds',
        'how often each camera is looked at when nothing happens, as far as its keyframes allow',
        () => read().lookEverySeconds,
      ],
      [
        'look_late_seconds',
        'by how much the look that is most overdue is later than look.maxSeconds',
        () => read().lookLateSeconds,
      ],
      ['full_streams', 'that run beside sub-streams', () => read().fullStreams],
      [
        'full_streams_waiting',
        'cameras that wait for theirs, as look.fullStreams run already',
        () => read().fullStreamsWaiting,
      ],
      ['configuration_reloads_total', 'changed settings applied since start', () => read().reloads.applied],
      ['configuration_refused_total', 'changed settings refused since start', () => read().reloads.refused],
      [
        'configuration_last_reload_successful',
        '1: what the file says is applied; 0: it was refused',
        () => Number(read().reloads.isCurrent),
      ],
    ];
    for (const [name, help, value] of figures) {
      const Kind = kindOf(name);
      new Kind({
        name: `roadwatch_${name}`,
        help,
        registers: [this.#registry],
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    }
  }

  #addInference(read: () => AgentFigures): void {
    new Gauge({
      name: 'roadwatch_inference_info',
      help: '1: by which provider of onnxruntime and with how many threads the model is run',
      labelNames: ['provider', 'threads'],
      registers: [this.#registry],
      collect() {
        this.reset();
        const { provider, threads } = read().inference;
        this.set({ provider, threads }, 1);
      },
    });
  }

  #addCameras(read: () => AgentFigures): void {
    const columns: readonly [string, string, (figures: CameraFigures) => number | null][] = [
      [
        'last_frame_age_seconds',
        'since the last frame that came and could be looked at',
        (camera) => camera.lastFrameAgeSeconds,
      ],
      [
        'stale_seconds',
        'since the capture of the last frame that was analysed or held no news',
        (camera) => camera.staleSeconds,
      ],
      ['fps', 'decoded frames a second over the last minute', (camera) => camera.fps],
      [
        'drops_total',
        'frames given up because a newer one had come or no slot was free',
        (camera) => camera.drops,
      ],
      ['analysed_total', 'frames that the model has seen', (camera) => camera.analysed],
      [
        'skipped_total',
        'frames in which nothing had changed, or only what moves',
        (camera) => camera.skipped,
      ],
      ['restarts_total', 'connections that ended', (camera) => camera.restarts],
      ['decode_errors_total', 'damaged frames', (camera) => camera.decodeErrors],
      [
        'closer_looks_total',
        'bursts of frames while something was being verified',
        (camera) => camera.closerLooks,
      ],
      ['known_damage', 'damage that is known there', (camera) => camera.knownDamage],
      ['streaming', '1 or 0', (camera) => Number(camera.streaming)],
    ];
    for (const [name, help, value] of columns) {
      const Kind = kindOf(name);
      new Kind({
        name: `roadwatch_camera_${name}`,
        help,
        labelNames: ['camera'],
        registers: [this.#registry],
        collect() {
          this.reset();
          for (const figures of read().cameras) {
            const number = value(figures);
            if (number !== null) this.inc({ camera: figures.camera }, number);
          }
        },
      });
    }
  }

  #addRefusals(read: () => AgentFigures): void {
    new Counter({
      name: 'roadwatch_camera_candidates_refused_total',
      help: 'what would have been verified, by why it was not; road_user: it lay on a vehicle or a person',
      labelNames: ['camera', 'reason'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { camera, refused } of read().cameras) this.inc({ camera, reason: 'road_user' }, refused);
      },
    });
  }

  #takeDelay(): number {
    const p99 = this.#delay.percentile(99) / 1e9;
    this.#delay.reset();
    return p99;
  }
}
