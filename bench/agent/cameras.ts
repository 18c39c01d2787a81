/** How many cameras two cores hold: all fresh, nothing missed, memory bounded. */
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../evaluate/broker.ts';
import type { LogLine } from '../../scripts/demo/child.ts';
import { lineChart } from '../chart.ts';
import { usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { percentile, rounded } from '../statistics.ts';
import { inFolder, startAgent, startCameras, valuesOf } from './rig.ts';

const COUNTS = [1, 8, 32, 64, 96, 128];
/** Where the model is given a light stream, and the full one is pulled while something is being looked into. */
const WITH_SUB_STREAM = [8, 96, 200];
/** The pothole breaks open 8 s after a camera begins; then everything is verified at once, which is the worst case. */
const AT_ONCE: Course = { hasSub: false, staggerSeconds: 0, settleMs: 45_000, measureMs: () => 45_000 };
/** One pothole a second, each at another camera: still more than a city has in a year. */
const SPREAD: Course = {
  hasSub: false,
  staggerSeconds: 1,
  settleMs: 15_000,
  measureMs: (count) => count * 1_000 + 25_000,
};
const SPREAD_OVER = [64, 96];
const SPREAD_OVER_SUB_STREAMS = [200];
const LOOK_MS = 5_000;
const FRESH_S = 10;

export const cameras: Bench = {
  name: 'cameras',
  about: 'how many 1080p25 cameras are held, and what they cost',
  run: () =>
    inFolder(async (folder) => {
      const runs: Run[] = [];
      for (const count of COUNTS) runs.push(await oneRun(folder, count, AT_ONCE));
      const subRuns: Run[] = [];
      for (const count of WITH_SUB_STREAM) subRuns.push(await oneRun(folder, count, withSub(AT_ONCE)));
      const spreadRuns: Run[] = [];
      for (const count of SPREAD_OVER) spreadRuns.push(await oneRun(folder, count, SPREAD));
      const spreadSubRuns: Run[] = [];
      for (const count of SPREAD_OVER_SUB_STREAMS)
        spreadSubRuns.push(await oneRun(folder, count, withSub(SPREAD)));
      const held = mostHeld(runs);
      return {
        figures: {
          held: held?.cameras ?? 0,
          found: held?.found ?? 0,
          injected: held?.cameras ?? 0,
          heldSubStream: mostHeld(subRuns)?.cameras ?? 0,
          heldSpread: mostHeld(spreadRuns)?.cameras ?? 0,
          heldSpreadSubStream: mostHeld(spreadSubRuns)?.cameras ?? 0,
          treeMiBPerCamera: perCamera(runs, ({ treeMiB }) => treeMiB),
          coresPerCamera: perCamera(runs, ({ cores }) => cores),
          treeMiBPerCameraSubStream: perCamera(subRuns, ({ treeMiB }) => treeMiB),
          coresPerCameraSubStream: perCamera(subRuns, ({ cores }) => cores),
          runs,
          subRuns,
          spreadRuns,
          spreadSubRuns,
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
          ...runs.map((run) => row(String(run.cameras), run)),
          ...subRuns.map((run) => row(`${run.cameras}, sub-streams`, run)),
          ...spreadRuns.map((run) => row(`${run.cameras}, one after the other`, run)),
          ...spreadSubRuns.map((run) => row(`${run.cameras}, sub-streams, one after the other`, run)),
        ],
        pictures: {
          'cameras-cpu.svg': lineChart(
            { title: 'CPU of the agent and its ffmpegs', x: '1080p25 cameras', y: 'cores' },
            [
              { name: 'full streams', points: runs.map(({ cameras: count, cores }) => [count, cores]) },
              { name: 'sub-streams', points: subRuns.map(({ cameras: count, cores }) => [count, cores]) },
            ],
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
          'every camera 1920x1080 at 25/s, H.264 4 Mbit/s, keyframe every 2 s, with traffic and one pothole, all at the same moment; simulator, broker and agent share the machine',
          'sub-streams: 640x360 at 500 kbit/s for the model; each full stream is pulled while its pothole is being verified',
          'one after the other: one pothole a second, each at another camera',
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

/** How a street of cameras is played, and when it is measured. */
interface Course {
  readonly hasSub: boolean;
  readonly staggerSeconds: number;
  readonly settleMs: number;
  readonly measureMs: (cameras: number) => number;
}

function withSub(course: Course): Course {
  return { ...course, hasSub: true };
}

function mostHeld(runs: readonly Run[]): Run | undefined {
  return runs.filter((run) => run.staleP99S <= FRESH_S && run.found === run.cameras).at(-1);
}

function row(name: string, run: Run): (string | number)[] {
  const { cores, agentMiB, treeMiB, staleP50S, staleP99S, loopDelayP99Ms, found, cameras: count } = run;
  return [name, cores, agentMiB, treeMiB, staleP50S, staleP99S, loopDelayP99Ms, `${found}/${count}`];
}

/** What each further camera takes: the straight line from the fewest to the most. */
function perCamera(runs: readonly Run[], of: (run: Run) => number): number {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined || first === last) return Number.NaN;
  return rounded((of(last) - of(first)) / (last.cameras - first.cameras), 4);
}

async function oneRun(
  folder: string,
  count: number,
  { hasSub, staggerSeconds, settleMs, measureMs }: Course,
): Promise<Run> {
  const found = new Set<string>();
  const broker = await startBroker(() => {});
  const { urls, subUrls, stop } = await startCameras(folder, 'scene:pothole', count, {
    hasSub,
    staggerSeconds,
  });
  const onLog = (line: LogLine): void => {
    if (line.msg === 'detection verified') found.add(String(line.camera));
  };
  const agent = await startAgent(folder, urls, broker.url, { subUrls, onLog });
  try {
    await delay(settleMs);
    const before = usageOf(agent.pid).cpuSeconds;
    const startedAt = performance.now();
    const stale: number[] = [];
    let loopDelay = 0;
    await agent.metrics();
    while (performance.now() - startedAt < measureMs(count)) {
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
    await stop();
    await broker.stop();
  }
}
