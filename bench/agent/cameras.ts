/** How many cameras two cores hold: all fresh, nothing missed, memory bounded. */
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../evaluate/broker.ts';
import { lineChart } from '../chart.ts';
import { usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { percentile, rounded } from '../statistics.ts';
import { inFolder, startAgent, startCameras, valuesOf } from './rig.ts';

const COUNTS = [1, 8, 32, 64, 96, 128];
/** The pothole breaks open 8 s after a camera begins; then everything is verified at once, which is the worst case. */
const SETTLE_MS = 45_000;
const MEASURE_MS = 45_000;
const LOOK_MS = 5_000;
const FRESH_S = 10;

export const cameras: Bench = {
  name: 'cameras',
  about: 'how many 1080p25 cameras are held, and what they cost',
  run: () =>
    inFolder(async (folder) => {
      const runs: Run[] = [];
      for (const count of COUNTS) runs.push(await oneRun(folder, count));
      const held = runs.filter((run) => run.staleP99S <= FRESH_S && run.found === run.cameras).at(-1);
      return {
        figures: {
          held: held?.cameras ?? 0,
          found: held?.found ?? 0,
          injected: held?.cameras ?? 0,
          treeMiBPerCamera: perCamera(runs, ({ treeMiB }) => treeMiB),
          coresPerCamera: perCamera(runs, ({ cores }) => cores),
          runs,
        },
        table: [
          [
            'cameras',
            'CPU cores',
            'agent MiB',
            'tree MiB',
            'stale p50 s',
            'stale p99 s',
            'loop p99 ms',
            'found',
          ],
          ...runs.map((run) => [
            run.cameras,
            run.cores,
            run.agentMiB,
            run.treeMiB,
            run.staleP50S,
            run.staleP99S,
            run.loopDelayP99Ms,
            `${run.found}/${run.cameras}`,
          ]),
        ],
        pictures: {
          'cameras-cpu.svg': lineChart(
            { title: 'CPU of the agent and its ffmpegs', x: '1080p25 cameras', y: 'cores' },
            [{ name: 'cores', points: runs.map(({ cameras: count, cores }) => [count, cores]) }],
          ),
          'cameras-staleness.svg': lineChart(
            {
              ...{ title: 'Age of the last look at each camera', x: '1080p25 cameras', y: 'seconds' },
              mark: { y: FRESH_S, name: 'fresh' },
            },
            [
              { name: 'p50', points: runs.map((run) => [run.cameras, run.staleP50S]) },
              { name: 'p99', points: runs.map((run) => [run.cameras, run.staleP99S]) },
            ],
          ),
        },
        notes: [
          'every camera 1920x1080 at 25/s, H.264 4 Mbit/s, keyframe every 2 s, with traffic and one pothole; simulator, broker and agent share the machine',
          `held: every camera analysed within the last ${FRESH_S} s (p99), and every pothole verified; found and injected are those of the most cameras held`,
        ],
      };
    }),
};

interface Run {
  readonly cameras: number;
  readonly cores: number;
  readonly agentMiB: number;
  readonly treeMiB: number;
  readonly staleP50S: number;
  readonly staleP99S: number;
  readonly loopDelayP99Ms: number;
  readonly found: number;
}

/** What each further camera takes: the straight line from the fewest to the most. */
function perCamera(runs: readonly Run[], of: (run: Run) => number): number {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined || first === last) return Number.NaN;
  return rounded((of(last) - of(first)) / (last.cameras - first.cameras), 4);
}

async function oneRun(folder: string, count: number): Promise<Run> {
  const found = new Set<string>();
  const broker = await startBroker(() => {});
  const sources = await startCameras(folder, 'scene:pothole', count);
  const agent = await startAgent(folder, sources.urls, broker.url, (line) => {
    if (line.msg === 'detection verified') found.add(String(line.camera));
  });
  try {
    await delay(SETTLE_MS);
    const before = usageOf(agent.pid).cpuSeconds;
    const startedAt = performance.now();
    const stale: number[] = [];
    let loopDelay = 0;
    await agent.metrics();
    while (performance.now() - startedAt < MEASURE_MS) {
      await delay(LOOK_MS);
      const metrics = await agent.metrics();
      stale.push(...valuesOf(metrics, 'roadwatch_camera_stale_seconds'));
      loopDelay = Math.max(loopDelay, ...valuesOf(metrics, 'roadwatch_event_loop_delay_p99_seconds'));
    }
    const usage = usageOf(agent.pid);
    return {
      cameras: count,
      cores: rounded((usage.cpuSeconds - before) / ((performance.now() - startedAt) / 1000), 2),
      agentMiB: rounded(usage.rootMemoryMiB, 0),
      treeMiB: rounded(usage.memoryMiB, 0),
      staleP50S: rounded(percentile(stale, 0.5), 1),
      staleP99S: rounded(percentile(stale, 0.99), 1),
      loopDelayP99Ms: rounded(loopDelay * 1000, 1),
      found: found.size,
    };
  } finally {
    await agent.stop();
    await sources.stop();
    await broker.stop();
  }
}
