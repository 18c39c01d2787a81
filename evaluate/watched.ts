/** Simulated cameras, one real agent that watches them, and a broker that keeps what the agent publishes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, startAgent } from '@roadwatch/agent';
import { type Detection, parseDetection, parseTopic } from '@roadwatch/contract';
import { type RunningCamera, type StartCameraOptions, startCamera } from '@roadwatch/simulator';
import { pino } from 'pino';
import { stringify } from 'yaml';
import type { AgentFigures } from '../agent/src/health/metrics.ts';
import { startBroker } from './broker.ts';

export interface AgentSettings {
  /** A model's folder. */
  readonly model: string;
  readonly farPass: boolean;
  /** Whether what lies on vehicles and people is refused; left out: as by default. */
  readonly roadUsers?: boolean;
}

/** What became of it so far; `index` is the camera's place among those that were started. */
export interface Watched {
  readonly cameras: readonly RunningCamera[];
  detectionsOf(index: number): readonly Detection[];
  /** By `detection/name`. */
  readonly evidence: ReadonlyMap<string, Buffer>;
  /** Frames that the model has seen, bursts of them, and candidates that lay on vehicles or people. */
  looksAt(index: number): Pick<AgentFigures['cameras'][number], 'analysed' | 'closerLooks' | 'refused'>;
}

/** For the agent to connect to its cameras. */
const STARTS_WITHIN_MS = 60_000;

/**
 * The agent runs as long as `use` does. `onDetection` is told of each as it comes.
 * @throws ScenarioError, ModelError
 */
export async function watchCameras<Result>(
  starts: readonly StartCameraOptions[],
  settings: AgentSettings,
  use: (watched: Watched) => Promise<Result>,
  onDetection: (detection: Detection) => void = () => {},
): Promise<Result> {
  const cameras: RunningCamera[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-evaluate-'));
  const detections: Detection[] = [];
  const evidence = new Map<string, Buffer>();
  const broker = await startBroker((topic, payload) => {
    const from = parseTopic(topic);
    const parsed = from?.kind === 'detection' ? parseDetection(payload) : null;
    if (from?.kind === 'evidence') evidence.set(`${from.owner}/${from.name}`, payload);
    if (!parsed?.ok) return;
    detections.push(parsed.value);
    onDetection(parsed.value);
  });
  try {
    for (const start of starts) cameras.push(await startCamera(start));
    const config = parseConfig(
      stringify(agentConfig(folder, broker.url, settings, cameras)),
      join(folder, 'agent.yaml'),
    );
    const agent = await startAgent(config, pino({ level: 'silent' }));
    try {
      return await use({
        cameras,
        detectionsOf: (index) => detections.filter(({ camera }) => camera === idOf(index)),
        evidence,
        looksAt: (index) => {
          const figures = agent.figures().cameras.find(({ camera }) => camera === idOf(index));
          const { analysed = 0, closerLooks = 0, refused = 0 } = figures ?? {};
          return { analysed, closerLooks, refused };
        },
      });
    } finally {
      await agent.stop();
    }
  } finally {
    await Promise.all(cameras.map((camera) => camera.stop()));
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Unix milliseconds of the camera's first instant, which comes when the agent plays it. */
export async function begun(camera: RunningCamera): Promise<number> {
  if (camera.startedAtMs === null) await camera.next('started', AbortSignal.timeout(STARTS_WITHIN_MS));
  return camera.startedAtMs as number;
}

function idOf(index: number): string {
  return `camera-${index + 1}`;
}

function agentConfig(
  folder: string,
  url: string,
  { model, farPass, roadUsers = true }: AgentSettings,
  cameras: readonly RunningCamera[],
): object {
  return {
    site: 'evaluation',
    agent: 'box',
    dataDir: join(folder, 'agent'),
    model,
    mqtt: { url },
    health: { port: 0 },
    verify: { roadUsers },
    cameras: cameras.map((camera, i) => ({
      id: idOf(i),
      name: { en: `Camera ${i + 1}`, zh: `摄像机 ${i + 1}` },
      url: camera.url,
      farPass,
    })),
  };
}
