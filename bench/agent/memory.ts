/** Whether the agent's memory, its open files and its processes stay as they are. */
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../evaluate/broker.ts';
import { lineChart } from '../chart.ts';
import { usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { rounded } from '../statistics.ts';
import { inFolder, startAgent, startCameras } from './rig.ts';

const CAMERAS = 4;
const MINUTES = Number(process.env.ROADWATCH_BENCH_MINUTES ?? 30);
const LOOK_MS = 15_000;
/** The share of the run that does not count: caches fill, the first evidence is made. */
const WARM_UP = 1 / 6;

export const memory: Bench = {
  name: 'memory',
  about: `the agent's memory, open files and processes over ${MINUTES} minutes`,
  run: () =>
    inFolder(async (folder) => {
      const broker = await startBroker(() => {});
      const cameras = await startCameras(folder, 'scene:pothole', CAMERAS);
      const agent = await startAgent(folder, cameras.urls, broker.url);
      const agentMiB: [number, number][] = [];
      const treeMiB: [number, number][] = [];
      const descriptors: [number, number][] = [];
      const children: [number, number][] = [];
      try {
        const startedAt = performance.now();
        for (let minutes = 0; minutes < MINUTES; ) {
          await delay(LOOK_MS);
          minutes = rounded((performance.now() - startedAt) / 60_000, 2);
          const usage = usageOf(agent.pid);
          agentMiB.push([minutes, rounded(usage.rootMemoryMiB, 1)]);
          treeMiB.push([minutes, rounded(usage.memoryMiB, 1)]);
          descriptors.push([minutes, usage.rootDescriptors]);
          children.push([minutes, usage.children]);
        }
      } finally {
        await agent.stop();
        await cameras.stop();
        await broker.stop();
      }
      const settled = (points: readonly [number, number][]) =>
        points.filter(([minutes]) => minutes >= MINUTES * WARM_UP);
      const rows = (
        [
          ['agent', agentMiB],
          ['agent with its ffmpegs', treeMiB],
        ] as const
      ).map(([what, points]) => ({
        what,
        endMiB: points.at(-1)?.[1] ?? Number.NaN,
        maxMiB: Math.max(...points.map(([, value]) => value)),
        slopeMiBPerHour: rounded(slope(settled(points)) * 60, 1),
      }));
      const counts = (
        [
          ['files, sockets and pipes of the agent', descriptors],
          ['processes that it has started', children],
        ] as const
      ).map(([what, points]) => ({
        what,
        end: points.at(-1)?.[1] ?? Number.NaN,
        most: Math.max(...points.map(([, value]) => value)),
        slopePerHour: rounded(slope(settled(points)) * 60, 1),
      }));
      return {
        figures: { minutes: MINUTES, memory: rows, counts },
        table: [
          ['what', 'at the end', 'most', 'slope an hour'],
          ...rows.map(({ what, endMiB, maxMiB, slopeMiBPerHour }) => [
            `${what}, MiB`,
            ...[endMiB, maxMiB, slopeMiBPerHour],
          ]),
          ...counts.map(({ what, end, most, slopePerHour }) => [what, end, most, slopePerHour]),
        ],
        notes: [
          `${CAMERAS} cameras of 1920x1080 at 25/s with traffic and damage; proportional set size; the ring of segments is in a file system in memory and does not count`,
          'slope: least squares over the last five sixths',
        ],
        pictures: {
          'memory.svg': lineChart({ title: 'Memory of the agent', x: 'minutes', y: 'MiB' }, [
            { name: 'agent', points: thinned(agentMiB) },
            { name: 'with its ffmpegs', points: thinned(treeMiB) },
          ]),
        },
      };
    }),
};

/** Least squares, in units of y a unit of x. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** A chart names every x, so it takes one point in a twelfth of the run. */
function thinned(points: readonly [number, number][]): [number, number][] {
  const every = Math.max(1, Math.round(points.length / 12));
  return points
    .filter((_, index) => index % every === every - 1)
    .map(([minutes, value]) => [Math.round(minutes * 10) / 10, value]);
}
