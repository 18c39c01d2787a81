/** Plays scenarios, several at once, to one real agent, and keeps what it published and the pictures of what it did not see. */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type RunningCamera, readScenario, type Scenario } from '@roadwatch/simulator';
import { type AgentSettings, begun, watchCameras } from '../watched.ts';
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

/** @throws ScenarioError, ModelError */
export async function playScenarios(
  files: readonly string[],
  settings: AgentSettings,
  onPlayed: (name: string) => void,
): Promise<PlayedScenario[]> {
  const scenarios = await Promise.all(files.map(readScenario));
  return watchCameras(
    files.map((source) => ({ source })),
    settings,
    ({ cameras, detectionsOf, evidence }) =>
      Promise.all(
        scenarios.map(async (scenario, i) => {
          const camera = cameras[i] as RunningCamera;
          const startedAtMs = await begun(camera);
          const pictures = await watch(camera, startedAtMs, scenario);
          onPlayed(scenario.name);
          return {
            name: scenario.name,
            description: scenario.description,
            seconds: scenario.seconds,
            startedAtMs,
            truthAt: camera.truthAt,
            detections: detectionsOf(i),
            evidence,
            pictures,
          };
        }),
      ),
  );
}

/** Resolves when the scenario is over, with a picture of each damage as the camera showed it near its end. */
async function watch(
  camera: RunningCamera,
  startedAtMs: number,
  scenario: Scenario,
): Promise<Map<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  const { damage = [], seconds } = scenario;
  const until = (second: number): Promise<void> =>
    delay(Math.max(0, startedAtMs + second * 1000 - Date.now()));
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
