/** The same streams, the same model file, the same cores: what one would write without Roadwatch, beside the agent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { shippedModel } from '@roadwatch/models';
import { loadModel } from '../../agent/src/detect/model.ts';
import { startBroker } from '../../evaluate/broker.ts';
import {
  type AgentSettings,
  type Cameras,
  inFolder,
  startAgent,
  startCameras,
  valuesOf,
} from '../agent/rig.ts';
import { usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { rounded } from '../statistics.ts';

const CAMERAS = 4;
const WARM_UP_MS = 12_000;
const MEASURE_MS = 45_000;
const SOURCE = 'scene:quiet';
/** A keyframe as often as the quickest cadence, for the agent decodes nothing else. */
const GOP_SECONDS = 1;
const CADENCES = { everySecond: 1, everyFiveSeconds: 5 } as const;
/** `gate.maxSkipSeconds: 0`: the model is given every look, as with the others. */
const AS_OFTEN: Readonly<Record<keyof typeof CADENCES, object>> = {
  everySecond: { look: { maxSeconds: 2, share: 1 }, gate: { maxSkipSeconds: 0 } },
  // A look is at the last keyframe that is in time, here one second before the limit.
  everyFiveSeconds: { look: { maxSeconds: 6, share: 0.01 }, gate: { maxSkipSeconds: 0 } },
};
/** scripts/setup.mjs makes it. */
const PYTHON = join(import.meta.dirname, '.venv', 'bin', 'python');
const script = (name: string): string => join(import.meta.dirname, name);

interface Cost {
  readonly cpuPerCameraSecond: number;
  /** Runs of the model, by camera. */
  readonly analysedPerSecond: number;
}

interface Peer extends Cost {
  /** Of what the agent costs. */
  readonly ratio: number;
}

export const peers: Bench = {
  name: 'peers',
  about:
    'OpenCV in Python, plain Node, GStreamer and a recorder with motion on the same streams with the same model',
  run: () =>
    inFolder(async (folder) => {
      const ours = await measureAgent(folder, false);
      const oursWithSub = await measureAgent(folder, true);
      const recorder = await measurePeer(folder, true, ({ urls, subUrls }) => [
        ...[PYTHON, script('recorder.py')],
        ...[folder, ...urls.flatMap((url, index) => [url, subUrls[index] as string])],
      ]);
      const equal = {
        everySecond: await atCadence(folder, 'everySecond'),
        everyFiveSeconds: await atCadence(folder, 'everyFiveSeconds'),
      };
      const beside = (cost: Cost, by: Cost): Peer => ({
        ...cost,
        ratio: rounded(cost.cpuPerCameraSecond / by.cpuPerCameraSecond, 1),
      });
      const { opencv, naiveNode, gstreamer } = equal.everySecond;
      const compared = Object.fromEntries(
        Object.entries(equal).map(([name, { roadwatch, ...others }]) => [
          name,
          {
            roadwatch,
            opencv: beside(others.opencv, roadwatch),
            naiveNode: beside(others.naiveNode, roadwatch),
            gstreamer: beside(others.gstreamer, roadwatch),
          },
        ]),
      );
      const row = (name: string, cost: Cost) => [
        name,
        cost.cpuPerCameraSecond,
        rounded(1 / cost.cpuPerCameraSecond, 1),
        beside(cost, ours).ratio,
        cost.analysedPerSecond,
      ];
      const rows = (cadence: string, costs: Record<string, Cost>) => [
        row(`Roadwatch agent, ${cadence}`, costs.roadwatch as Cost),
        row(`Python, OpenCV, onnxruntime, ${cadence}`, costs.opencv as Cost),
        row(`Node, JPEG frames, sharp, ${cadence}`, costs.naiveNode as Cost),
        row(`GStreamer, onnxruntime, ${cadence}`, costs.gstreamer as Cost),
      ];
      return {
        figures: {
          roadwatch: ours,
          roadwatchSubStream: oursWithSub,
          opencv: beside(opencv, ours),
          naiveNode: beside(naiveNode, ours),
          gstreamer: beside(gstreamer, ours),
          recorder: beside(recorder, oursWithSub),
          subStreamRatioOfOpencv: beside(opencv, oursWithSub).ratio,
          equal: compared,
        },
        table: [
          ['', 'CPU-s per camera-s', 'cameras per core', 'x ours', 'analysed/s'],
          row('Roadwatch agent, as shipped', ours),
          row('Roadwatch agent, sub-stream', oursWithSub),
          row('ffmpeg sub-stream at 5/s, motion, then the model', recorder),
          ...rows('a look a second', equal.everySecond),
          ...rows('a look every 5 s', equal.everyFiveSeconds),
        ],
        notes: [
          `${CAMERAS} cameras of 1920x1080 at 25/s, H.264 4 Mbit/s over TCP, a keyframe every ${GOP_SECONDS} s; sub-streams 640x360, 500 kbit/s`,
          'as shipped, the agent looks as often as its share of the processors allows, and runs the model if something changed; at equal cadence it runs it on every look, as the others do',
          'the agent and the recorder also record every camera, which the others do not; with a sub-stream the agent records the full one only while it looks into something',
        ],
      };
    }),
};

async function atCadence(folder: string, cadence: keyof typeof CADENCES) {
  const seconds = String(CADENCES[cadence]);
  const peer = (...command: readonly string[]) =>
    measurePeer(folder, false, ({ urls }) => [...command, seconds, ...urls]);
  return {
    roadwatch: await measureAgent(folder, false, { change: AS_OFTEN[cadence] }),
    opencv: await peer(PYTHON, script('opencv.py')),
    naiveNode: await peer(process.execPath, script('naive-node.ts')),
    gstreamer: await peer(PYTHON, script('gstreamer.py')),
  };
}

async function measureAgent(folder: string, hasSub: boolean, settings: AgentSettings = {}): Promise<Cost> {
  const broker = await startBroker(() => {});
  const cameras = await startCameras(folder, SOURCE, CAMERAS, { gopSeconds: GOP_SECONDS, hasSub });
  const { urls, subUrls } = cameras;
  const agent = await startAgent(folder, urls, broker.url, { subUrls, ...settings });
  const analysed = async (): Promise<number> =>
    valuesOf(await agent.metrics(), 'roadwatch_camera_analysed_total').reduce((sum, value) => sum + value, 0);
  try {
    await delay(WARM_UP_MS);
    return await cost(agent.pid, analysed);
  } finally {
    await agent.stop();
    await cameras.stop();
    await broker.stop();
  }
}

/** `command`: the program, its script, and what follows the model's path, size and threshold. */
async function measurePeer(
  folder: string,
  hasSub: boolean,
  command: (cameras: Cameras) => readonly string[],
): Promise<Cost> {
  const { manifest } = await loadModel(shippedModel());
  const { width, height } = manifest.input;
  const file = join(shippedModel(), manifest.file);
  const threshold = Math.min(...manifest.classes.map((entry) => entry.threshold));
  const cameras = await startCameras(folder, SOURCE, CAMERAS, { gopSeconds: GOP_SECONDS, hasSub });
  const [program, name, ...rest] = command(cameras) as [string, string, ...string[]];
  const model = [file, String(width), String(height), String(threshold)];
  const child = spawn(program, [name, ...model, ...rest], { stdio: ['ignore', 'pipe', 'inherit'] });
  let analysed = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    analysed = Number(line);
  });
  try {
    await delay(WARM_UP_MS);
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    return await cost(child.pid as number, async () => analysed);
  } finally {
    await ended(child);
    await cameras.stop();
  }
}

async function cost(pid: number, analysed: () => Promise<number>): Promise<Cost> {
  const before = { cpu: usageOf(pid).cpuSeconds, analysed: await analysed() };
  const startedAt = performance.now();
  await delay(MEASURE_MS);
  const cameraSeconds = ((performance.now() - startedAt) / 1000) * CAMERAS;
  return {
    cpuPerCameraSecond: rounded((usageOf(pid).cpuSeconds - before.cpu) / cameraSeconds, 4),
    analysedPerSecond: rounded(((await analysed()) - before.analysed) / cameraSeconds, 2),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await closed;
  clearTimeout(insist);
}
