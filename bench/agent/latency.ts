/** How long damage takes from the road to the broker. */
import { type Detection, parseTopic } from '@roadwatch/contract';
import { startBroker } from '../../evaluate/broker.ts';
import type { LogLine } from '../../scripts/demo/child.ts';
import type { Bench } from '../report.ts';
import { percentile, rounded } from '../statistics.ts';
import { inFolder, startAgent, startCameras } from './rig.ts';

/** One camera alone, and all that may have a closer look at the same time. */
const ALONE = { cameras: 1, rounds: 5 } as const;
const TOGETHER = { cameras: 4, rounds: 5 } as const;
const TIMEOUT_MS = 90_000;

interface Sample {
  readonly captureToMqttMs: number;
  readonly visibleToVerifiedS: number;
}

export const latency: Bench = {
  name: 'latency',
  about: 'damage in view to verified, and the capture of the last frame to the MQTT message',
  run: () =>
    inFolder(async (folder) => {
      const alone = figuresOf(await rounds(folder, ALONE));
      const together = figuresOf(await rounds(folder, TOGETHER));
      const row = (name: string, of: typeof alone) => [
        name,
        ...[of.detections, of.captureToMqttP50Ms, of.captureToMqttP99Ms],
        ...[of.visibleToVerifiedS, of.visibleToVerifiedP99S],
      ];
      return {
        figures: { ...together, injected: TOGETHER.cameras * TOGETHER.rounds, alone },
        table: [
          [
            'damage on',
            ...['detections', 'capture to MQTT, ms: p50', 'p99'],
            ...['in view to verified, s: p50', 'p99'],
          ],
          row('one camera', alone),
          row(`${TOGETHER.cameras} cameras at once`, together),
        ],
        notes: ['default settings; the capture is that of the frame that decided'],
      };
    }),
};

function figuresOf(samples: readonly Sample[]) {
  const capture = samples.map(({ captureToMqttMs }) => captureToMqttMs);
  const visible = samples.map(({ visibleToVerifiedS }) => visibleToVerifiedS);
  return {
    captureToMqttP50Ms: rounded(percentile(capture, 0.5), 0),
    captureToMqttP99Ms: rounded(percentile(capture, 0.99), 0),
    visibleToVerifiedS: rounded(percentile(visible, 0.5), 2),
    visibleToVerifiedP99S: rounded(percentile(visible, 0.99), 2),
    detections: samples.length,
  };
}

async function rounds(folder: string, times: { cameras: number; rounds: number }): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < times.rounds; round++) samples.push(...(await oneRound(folder, times.cameras)));
  return samples;
}

async function oneRound(folder: string, count: number): Promise<Sample[]> {
  const inView = new Map<string, number>();
  const arrived = new Map<string, { readonly atMs: number; readonly detection: Detection }>();
  const done = Promise.withResolvers<void>();
  const broker = await startBroker((topic, payload) => {
    if (parseTopic(topic)?.kind !== 'detection') return;
    const detection = JSON.parse(payload.toString('utf8')) as Detection;
    if (detection.revision === 1) arrived.set(detection.camera, { atMs: Date.now(), detection });
    if (arrived.size === count) done.resolve();
  });
  const onLog = (line: LogLine): void => {
    if (line.msg === 'damage in view') inView.set(String(line.camera), Date.parse(String(line.at)));
  };
  const cameras = await startCameras(folder, 'scene:pothole', count, { onLog });
  const agent = await startAgent(folder, cameras.urls, broker.url);
  const timer = setTimeout(done.resolve, TIMEOUT_MS);
  await done.promise;
  clearTimeout(timer);
  await agent.stop();
  await cameras.stop();
  await broker.stop();
  return [...arrived].map(([camera, { atMs, detection }]) => {
    const path = new URL(cameras.urls[Number(camera.split('-')[1]) - 1] as string).pathname.slice(1);
    return {
      captureToMqttMs: atMs - Date.parse(detection.lastSeenAt),
      visibleToVerifiedS: (Date.parse(detection.verifiedAt) - (inView.get(path) ?? Number.NaN)) / 1000,
    };
  });
}
