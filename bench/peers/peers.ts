/** The same streams, the same model file, the same cores: what one would write without Roadwatch, beside the agent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { shippedModel } from '@roadwatch/models';
import { loadModel } from '../../agent/src/detect/model.ts';
import { startBroker } from '../../evaluate/broker.ts';
import { inFolder, startAgent, startCameras } from '../agent/rig.ts';
import { usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { rounded } from '../statistics.ts';

const CAMERAS = 4;
const WARM_UP_MS = 12_000;
const MEASURE_MS = 45_000;
const SOURCE = 'scene:quiet';
/** scripts/setup.mjs makes it. */
const PYTHON = join(import.meta.dirname, '.venv', 'bin', 'python');

interface Peer {
  readonly cpuPerCameraSecond: number;
  readonly analysedPerSecond: number | null;
}

export const peers: Bench = {
  name: 'peers',
  about: 'OpenCV in Python, plain Node and GStreamer on the same streams with the same model',
  run: () =>
    inFolder(async (folder) => {
      const script = (name: string): string => join(import.meta.dirname, name);
      const ours = await measureAgent(folder);
      const opencv = await measure(folder, PYTHON, [script('opencv.py')]);
      const naiveNode = await measure(folder, process.execPath, [script('naive-node.ts')]);
      const gstreamer = await measure(folder, PYTHON, [script('gstreamer.py')]);
      const ratio = (peer: Peer): number => rounded(peer.cpuPerCameraSecond / ours.cpuPerCameraSecond, 1);
      const row = (name: string, peer: Peer) => [
        name,
        peer.cpuPerCameraSecond,
        rounded(1 / peer.cpuPerCameraSecond, 1),
        ratio(peer),
        peer.analysedPerSecond ?? '-',
      ];
      return {
        figures: {
          roadwatch: ours,
          opencv: { ...opencv, ratio: ratio(opencv) },
          naiveNode: { ...naiveNode, ratio: ratio(naiveNode) },
          gstreamer: { ...gstreamer, ratio: ratio(gstreamer) },
        },
        table: [
          ['', 'CPU-s per camera-s', 'cameras per core', 'x ours', 'analysed/s'],
          row('Roadwatch agent', ours),
          row('Python, OpenCV, onnxruntime', opencv),
          row('Node, JPEG frames, sharp', naiveNode),
          row('GStreamer, onnxruntime', gstreamer),
        ],
        notes: [
          `${CAMERAS} cameras of 1920x1080 at 25/s, H.264 4 Mbit/s over TCP; peers analyse one frame a second, the agent a keyframe every 2 s if something changed`,
          'the agent also records the last 30 s of every camera, which the peers do not',
        ],
      };
    }),
};

async function measureAgent(folder: string): Promise<Peer> {
  const broker = await startBroker(() => {});
  const cameras = await startCameras(folder, SOURCE, CAMERAS);
  const agent = await startAgent(folder, cameras.urls, broker.url);
  try {
    await delay(WARM_UP_MS);
    return { cpuPerCameraSecond: await cpuPerCameraSecond(agent.pid), analysedPerSecond: null };
  } finally {
    await agent.stop();
    await cameras.stop();
    await broker.stop();
  }
}

async function measure(folder: string, command: string, args: readonly string[]): Promise<Peer> {
  const { manifest } = await loadModel(shippedModel());
  const { width, height } = manifest.input;
  const file = join(shippedModel(), manifest.file);
  const threshold = Math.min(...manifest.classes.map((entry) => entry.threshold));
  const cameras = await startCameras(folder, SOURCE, CAMERAS);
  const child = spawn(
    command,
    [...args, file, String(width), String(height), String(threshold), ...cameras.urls],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let analysed = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    analysed = Number(line);
  });
  try {
    await delay(WARM_UP_MS);
    if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}`);
    const before = analysed;
    const cost = await cpuPerCameraSecond(child.pid as number);
    if (analysed === before) throw new Error(`${args[0]} analysed nothing`);
    const perSecond = rounded((analysed - before) / (MEASURE_MS / 1000) / CAMERAS, 2);
    return { cpuPerCameraSecond: cost, analysedPerSecond: perSecond };
  } finally {
    await ended(child);
    await cameras.stop();
  }
}

async function cpuPerCameraSecond(pid: number): Promise<number> {
  const before = usageOf(pid).cpuSeconds;
  const startedAt = performance.now();
  await delay(MEASURE_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  return rounded((usageOf(pid).cpuSeconds - before) / (seconds * CAMERAS), 4);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await closed;
  clearTimeout(insist);
}
