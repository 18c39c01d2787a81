/** How soon a box that starts again looks at its roads. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../evaluate/broker.ts';
import type { Bench } from '../report.ts';
import { median, rounded } from '../statistics.ts';
import { inFolder, startAgent, startCameras, valuesOf } from './rig.ts';

const CAMERAS = 8;
const RESTARTS = 5;
const LOOK_MS = 20;
const TIMEOUT_MS = 60_000;

interface Restart {
  readonly readySeconds: number;
  readonly firstCameraSeconds: number;
  readonly lastCameraSeconds: number;
}

export const restart: Bench = {
  name: 'restart',
  about: `from the start of the agent's process to the first analysed frame of each of ${CAMERAS} cameras`,
  run: () =>
    inFolder(async (folder) => {
      const broker = await startBroker(() => {});
      const cameras = await startCameras(folder, 'scene:pothole', CAMERAS);
      const start = () => restartOf(folder, cameras.urls, broker.url);
      const samples: Restart[] = [];
      try {
        // The first one also makes what the later ones find.
        await start();
        while (samples.length < RESTARTS) samples.push(await start());
      } finally {
        await cameras.stop();
        await broker.stop();
      }
      const rows = (
        [
          ['ready', (sample) => sample.readySeconds],
          ['first camera', (sample) => sample.firstCameraSeconds],
          ['last camera', (sample) => sample.lastCameraSeconds],
        ] as const satisfies readonly (readonly [string, (sample: Restart) => number])[]
      ).map(([what, secondsOf]) => ({
        what,
        p50S: rounded(median(samples.map(secondsOf)), 2),
        maxS: rounded(Math.max(...samples.map(secondsOf)), 2),
      }));
      return {
        figures: { cameras: CAMERAS, restarts: RESTARTS, restart: rows },
        table: [['seconds to', 'median', 'most'], ...rows.map(({ what, p50S, maxS }) => [what, p50S, maxS])],
        notes: [
          `${CAMERAS} cameras of 1920x1080 at 25/s with a keyframe every 2 s: a camera is looked at from the keyframe that comes first`,
        ],
      };
    }),
};

/** Starts it in the same folder each time, and ends it when every camera was looked at. */
async function restartOf(folder: string, urls: readonly string[], mqttUrl: string): Promise<Restart> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const agent = await startAgent(folder, urls, mqttUrl, { dir: join(folder, 'box') });
  try {
    const readySeconds = seconds();
    for (let firstCameraSeconds = Number.NaN; seconds() * 1000 < TIMEOUT_MS; await delay(LOOK_MS)) {
      const analysed = valuesOf(await agent.metrics(), 'roadwatch_camera_analysed_total').filter(
        (frames) => frames > 0,
      );
      if (analysed.length > 0 && Number.isNaN(firstCameraSeconds)) firstCameraSeconds = seconds();
      if (analysed.length === urls.length)
        return { readySeconds, firstCameraSeconds, lastCameraSeconds: seconds() };
    }
    throw new Error(`not every camera was looked at within ${TIMEOUT_MS / 1000} s`);
  } finally {
    await agent.stop();
  }
}
