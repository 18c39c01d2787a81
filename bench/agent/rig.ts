/** Simulated cameras, a broker and a real agent, each in a process of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import { stringify } from 'yaml';
import { Child, type LogLine } from '../../scripts/demo/child.ts';

export interface Cameras {
  readonly urls: readonly string[];
  /** Of each camera's sub-stream, where they were asked for. */
  readonly subUrls: readonly string[];
  stop(): Promise<void>;
}

export interface Streams {
  readonly gopSeconds?: number;
  /** Each camera also has a stream of 640x360. */
  readonly hasSub?: boolean;
  /** At each further camera everything happens so much later than at the one before. */
  readonly staggerSeconds?: number;
  onLog?(line: LogLine): void;
}

/** 1080p25 H.264 at 4 Mbit/s with a keyframe every 2 s, each camera a stream of its own from one encoding. */
export async function startCameras(
  folder: string,
  source: string,
  count: number,
  { gopSeconds = 2, hasSub = false, staggerSeconds = 0, onLog = () => {} }: Streams = {},
): Promise<Cameras> {
  const child = new Child(
    'simulator',
    'simulator/src/cli.ts',
    [
      ...['--source', source, '--cameras', String(count), '--port', '0', '--wait-for-client'],
      ...['--size', '1920x1080', '--fps', '25', '--bitrate', '4000', '--gop', String(gopSeconds)],
      ...['--stagger', String(staggerSeconds)],
      ...(hasSub ? ['--sub-stream', '640x360', '--sub-bitrate', '500'] : []),
    ],
    { logFile: join(folder, 'simulator.log'), onLog },
  );
  await child.nthLine(/^rtsp:\/\//, hasSub ? 2 * count : count);
  const all = child.lines.filter((line) => line.startsWith('rtsp://'));
  return {
    urls: all.filter((url) => !url.endsWith('/sub')),
    subUrls: all.filter((url) => url.endsWith('/sub')),
    stop: async () => {
      await child.stop();
    },
  };
}

export interface RunningAgent {
  readonly pid: number;
  readonly metrics: () => Promise<string>;
  stop(): Promise<void>;
}

export interface AgentSettings {
  /** By camera. */
  readonly subUrls?: readonly string[];
  /** Further keys of its configuration. */
  readonly change?: object;
  /** Where it keeps what it knows, for one that starts again; a new folder by itself. */
  readonly dir?: string;
  onLog?(line: LogLine): void;
}

export async function startAgent(
  folder: string,
  urls: readonly string[],
  mqttUrl: string,
  {
    subUrls = [],
    change = {},
    dir = join(folder, `agent-${urls.length}-${Date.now()}`),
    onLog = () => {},
  }: AgentSettings = {},
): Promise<RunningAgent> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'agent.yaml');
  const config = {
    site: 'bench',
    agent: 'box',
    dataDir: 'data',
    model: shippedModel(),
    mqtt: { url: mqttUrl },
    health: { port: 0 },
    // In memory, as on a box that spares its flash.
    ring: { dir: join('/dev/shm', `roadwatch-bench-${process.pid}`) },
    cameras: urls.map((url, index) => ({
      id: `camera-${index + 1}`,
      name: { en: `Camera ${index + 1}`, zh: `摄像机 ${index + 1}` },
      url,
      ...(subUrls[index] === undefined ? {} : { detectUrl: subUrls[index] }),
    })),
    ...change,
  };
  writeFileSync(file, stringify(config));
  const started = Promise.withResolvers<string>();
  const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], {
    logFile: join(dir, 'agent.log'),
    onLog: (line) => {
      if (line.msg === 'agent started') started.resolve(String(line.health));
      onLog(line);
    },
  });
  void child.exited.then((code) =>
    started.reject(new Error(`the agent ended (${code}): ${child.lastWords()}`)),
  );
  const health = await started.promise;
  return {
    pid: child.pid as number,
    metrics: async () => (await fetch(`${health}/metrics`)).text(),
    stop: async () => {
      await child.stop();
      await rm(config.ring.dir, { recursive: true, force: true });
    },
  };
}

/** Values of a metric by its labels. */
export function valuesOf(metrics: string, name: string): number[] {
  return [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+-]+)$`, 'gm'))].map(([, value]) =>
    Number(value),
  );
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
