/** Plays scenarios, several at once, to one real agent, and keeps what it published and the pictures of what it did not see. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parseConfig, startAgent } from '@roadwatch/agent';
import { type Detection, parseDetection, parseTopic } from '@roadwatch/contract';
import { type RunningCamera, readScenario, type Scenario, startCamera } from '@roadwatch/simulator';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { startBroker } from '../broker.ts';
import type { Played } from './judge.ts';

export interface PlayedScenario extends Played {
  readonly description: string;
  /** Evidence by `detection/name`. */
  readonly evidence: ReadonlyMap<string, Buffer>;
  /** The camera's picture shortly before the end, or before a repair, by damage. */
  readonly pictures: ReadonlyMap<string, Buffer>;
}

/** Published before this, an agent's word still counts. */
const LAST_WORDS_MS = 3000;
const SNAPSHOT_BEFORE_END = 5;
/** For the agent to connect to its cameras. */
const STARTS_WITHIN_MS = 60_000;

export interface AgentSettings {
  /** A model's folder. */
  readonly model: string;
  readonly farPass: boolean;
}

/** @throws ScenarioError, ModelError */
export async function playScenarios(
  files: readonly string[],
  settings: AgentSettings,
  onPlayed: (name: string) => void,
): Promise<PlayedScenario[]> {
  const scenarios = await Promise.all(files.map(readScenario));
  const cameras: RunningCamera[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-scenarios-'));
  const detections: Detection[] = [];
  const evidence = new Map<string, Buffer>();
  const broker = await startBroker((topic, payload) => {
    const from = parseTopic(topic);
    const parsed = from?.kind === 'detection' ? parseDetection(payload) : null;
    if (parsed?.ok) detections.push(parsed.value);
    if (from?.kind === 'evidence') evidence.set(`${from.owner}/${from.name}`, payload);
  });
  try {
    for (const source of files) cameras.push(await startCamera({ source }));
    const config = parseConfig(
      stringify(agentConfig(folder, broker.url, settings, cameras)),
      join(folder, 'agent.yaml'),
    );
    const agent = await startAgent(config, pino({ level: 'silent' }));
    try {
      return await Promise.all(
        scenarios.map(async (scenario, i) => {
          const camera = cameras[i] as RunningCamera;
          const pictures = await watch(camera, scenario);
          onPlayed(scenario.name);
          return {
            name: scenario.name,
            description: scenario.description,
            seconds: scenario.seconds,
            startedAtMs: camera.startedAtMs as number,
            truthAt: camera.truthAt,
            detections: detections.filter((detection) => detection.camera === idOf(i)),
            evidence,
            pictures,
          };
        }),
      );
    } finally {
      await agent.stop();
    }
  } finally {
    await Promise.all(cameras.map((camera) => camera.stop()));
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function idOf(index: number): string {
  return `camera-${index + 1}`;
}

function agentConfig(
  folder: string,
  url: string,
  { model, farPass }: AgentSettings,
  cameras: readonly RunningCamera[],
): object {
  return {
    site: 'evaluation',
    agent: 'box',
    dataDir: join(folder, 'agent'),
    model,
    mqtt: { url },
    health: { port: 0 },
    cameras: cameras.map((camera, i) => ({
      id: idOf(i),
      name: { en: `Camera ${i + 1}`, zh: `摄像机 ${i + 1}` },
      url: camera.url,
      farPass,
    })),
  };
}

/** Resolves when the scenario is over, with a picture of each damage as the camera showed it near its end. */
async function watch(camera: RunningCamera, scenario: Scenario): Promise<Map<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  const { damage = [], seconds } = scenario;
  if (camera.startedAtMs === null) await camera.next('started', AbortSignal.timeout(STARTS_WITHIN_MS));
  const until = (second: number): Promise<void> =>
    delay(Math.max(0, (camera.startedAtMs as number) + second * 1000 - Date.now()));
  const snapshots = damage.map(async ({ id, repairedAt }, i) => {
    await until(Math.min(seconds, repairedAt ?? seconds) - SNAPSHOT_BEFORE_END);
    const picture = await snapshot(camera.url);
    if (picture !== null) pictures.set(id ?? `damage-${i + 1}`, picture);
  });
  await Promise.all(snapshots);
  await until(seconds);
  await delay(LAST_WORDS_MS);
  return pictures;
}

/** The next keyframe as JPEG; null when the camera gives none, as a camera with a fault may. */
async function snapshot(url: string): Promise<Buffer | null> {
  // biome-ignore format: one option with its value at a time
  const args = ['-v', 'error', '-rtsp_transport', 'tcp', '-i', url, '-frames:v', '1', '-f', 'image2', '-c:v', 'mjpeg', 'pipe:1'];
  const options = { encoding: 'buffer', timeout: 10_000, maxBuffer: 32 * 1024 * 1024 } as const;
  return promisify(execFile)('ffmpeg', args, options).then(
    ({ stdout }) => stdout,
    () => null,
  );
}
