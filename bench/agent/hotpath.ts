/** What one camera costs on a quiet and on a busy road, beside the least that it could cost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { shippedModel } from '@roadwatch/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadModel } from '../../agent/src/detect/model.ts';
import { DetectorSession } from '../../agent/src/detect/session.ts';
import { fitFilters } from '../../agent/src/frame/letterbox.ts';
import { FramePool } from '../../agent/src/frame/pool.ts';
import { startBroker } from '../../evaluate/broker.ts';
import { type TreeUsage, threadSeconds, usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { median, rounded } from '../statistics.ts';
import { inFolder, startAgent, startCameras, valuesOf } from './rig.ts';

/** As many as make up for what the process costs with none. */
const CAMERAS = 16;
const WARM_UP_MS = 25_000;
const MEASURE_MS = 60_000;
const ROUNDS = 60;
const ROADS = { quiet: 'scene:quiet', busy: 'scene:pothole' } as const;

export const hotpath: Bench = {
  name: 'hotpath',
  about: 'CPU of one 1080p25 camera by stage, beside the decode floor and the bare session',
  run: () =>
    inFolder(async (folder) => {
      const session = await sessionRatio();
      const floor = await ffmpegCost(folder, 'decode keyframes');
      const receiveOnly = await ffmpegCost(folder, 'receive');
      const quiet = await agentCost(folder, ROADS.quiet);
      const busy = await agentCost(folder, ROADS.busy);
      const cpuPerCameraSecond = quiet.total;
      const row = (name: string, cost: Cost) => [
        name,
        cost.total,
        cost.ffmpeg,
        cost.inference,
        cost.rest,
        rounded(cost.total / floor, 2),
        cost.analysedPerSecond,
      ];
      return {
        figures: {
          cpuPerCameraSecond,
          floorPerCameraSecond: floor,
          receiveOnlyPerCameraSecond: receiveOnly,
          floorRatio: rounded(cpuPerCameraSecond / floor, 2),
          sessionRatio: session.ratio,
          sessionMs: session.bareMs,
          detectMs: session.detectMs,
          quiet,
          busy,
        },
        table: [
          ['road', 'CPU-s per camera-s', 'ffmpeg', 'inference', 'rest', 'x floor', 'analysed/s'],
          row('quiet', quiet),
          row('busy, with damage', busy),
          ['ffmpeg: receive, decode keyframes', floor, floor, 0, 0, 1, 0],
          ['ffmpeg: receive alone', receiveOnly, receiveOnly, 0, 0, rounded(receiveOnly / floor, 2), 0],
        ],
        notes: [
          `${CAMERAS} cameras of 1920x1080 at 25/s, H.264 4 Mbit/s, RTSP over TCP, a keyframe every 2 s; ${MEASURE_MS / 1000} s`,
          'ffmpeg: decoding and scaling; inference: its thread; rest: receiving, recording, gate, tracking, all else; floor: one ffmpeg for each camera that decodes every keyframe to nothing',
          `detect step ${session.detectMs} ms, bare session.run ${session.bareMs} ms, medians of ${ROUNDS}, taken in turn`,
        ],
      };
    }),
};

interface Cost {
  readonly total: number;
  readonly ffmpeg: number;
  readonly inference: number;
  readonly rest: number;
  readonly analysedPerSecond: number;
}

async function agentCost(folder: string, source: string): Promise<Cost> {
  const broker = await startBroker(() => {});
  const cameras = await startCameras(folder, source, CAMERAS);
  const agent = await startAgent(folder, cameras.urls, broker.url);
  try {
    await delay(WARM_UP_MS);
    const look = async () => {
      const metrics = await agent.metrics();
      return {
        usage: usageOf(agent.pid),
        threads: threadSeconds(agent.pid),
        analysed: valuesOf(metrics, 'roadwatch_camera_analysed_total').reduce((sum, value) => sum + value, 0),
        inferenceSeconds: valuesOf(metrics, 'roadwatch_inference_seconds_sum')[0] ?? 0,
      };
    };
    const before = await look();
    const startedAt = performance.now();
    await delay(MEASURE_MS);
    const after = await look();
    const cameraSeconds = ((performance.now() - startedAt) / 1000) * CAMERAS;
    const spent = (key: keyof TreeUsage): number => (after.usage[key] - before.usage[key]) / cameraSeconds;
    const total = spent('cpuSeconds');
    const ffmpeg = spent('ffmpegSeconds');
    const inference = (after.inferenceSeconds - before.inferenceSeconds) / cameraSeconds;
    return {
      total: rounded(total, 4),
      ffmpeg: rounded(ffmpeg, 4),
      inference: rounded(inference, 4),
      rest: rounded(Math.max(0, total - ffmpeg - inference), 4),
      analysedPerSecond: rounded((after.analysed - before.analysed) / cameraSeconds, 3),
    };
  } finally {
    await agent.stop();
    await cameras.stop();
    await broker.stop();
  }
}

/** The same reading by ffmpeg alone, with or without decoding and scaling, to nothing. */
async function ffmpegCost(folder: string, what: 'decode keyframes' | 'receive'): Promise<number> {
  const { manifest } = await loadModel(shippedModel());
  const cameras = await startCameras(folder, ROADS.quiet, CAMERAS);
  const seconds = (MEASURE_MS + WARM_UP_MS) / 1000;
  const children = cameras.urls.map((url) =>
    spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-nostdin', '-threads', '1', '-skip_frame', 'nokey', '-rtsp_transport', 'tcp'],
        ...['-i', url, '-t', String(seconds)],
        ...(what === 'receive'
          ? ['-c', 'copy']
          : ['-vf', fitFilters(manifest.input), '-fps_mode', 'passthrough']),
        ...['-f', 'null', '-'],
      ],
      { stdio: 'ignore' },
    ),
  );
  try {
    await delay(WARM_UP_MS / 2);
    const cpu = (): number => children.reduce((sum, { pid }) => sum + usageOf(pid as number).cpuSeconds, 0);
    const before = cpu();
    const startedAt = performance.now();
    await delay(MEASURE_MS - WARM_UP_MS / 2);
    return rounded((cpu() - before) / (((performance.now() - startedAt) / 1000) * CAMERAS), 4);
  } finally {
    for (const child of children) {
      if (child.exitCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await cameras.stop();
  }
}

/** Frame bytes to boxes as the agent does it, against session.run alone on a prepared tensor: in turn, so that both see the same machine. */
async function sessionRatio(): Promise<{ ratio: number; bareMs: number; detectMs: number }> {
  const model = await loadModel(shippedModel());
  const pool = new FramePool(model.format, 1);
  const detector = await DetectorSession.start(model, pool, { threads: 1 });
  const bare = await InferenceSession.create(model.bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const { width, height, name } = model.manifest.input;
  const slot = pool.acquire() as number;
  const pixels = pool.pixels(slot);
  for (let at = 0; at < pixels.length; at++) pixels[at] = (at * 31) % 251;
  const feeds = { [name]: new Tensor('uint8', Uint8Array.from(pixels), [1, 3, height, width]) };
  const times: { bare: number[]; detect: number[] } = { bare: [], detect: [] };
  try {
    for (let round = -5; round < ROUNDS; round++) {
      const a = performance.now();
      await bare.run(feeds);
      const b = performance.now();
      await detector.run(slot, { width, height });
      const c = performance.now();
      if (round < 0) continue;
      times.bare.push(b - a);
      times.detect.push(c - b);
    }
  } finally {
    await detector.close();
    await bare.release();
  }
  const [bareMs, detectMs] = [median(times.bare), median(times.detect)];
  return {
    ratio: rounded(detectMs / bareMs),
    bareMs: rounded(bareMs, 1),
    detectMs: rounded(detectMs, 1),
  };
}
