/**
 * What many cameras cost: starts the simulator with cameras of 1080p25 in a process of its own, plays them all, and measures
 * its CPU time as a share of one core, how evenly pictures arrive, and how long the first one takes.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PaceFigures } from '../../simulator/src/camera/pace.ts';
import { RtspClient } from '../../simulator/testing/rtsp-client.ts';

export interface CamerasFigures {
  readonly cameras: number;
  /** CPU seconds a second. */
  readonly cores: number;
  readonly megabitsPerSecond: number;
  readonly picturesPerSecond: number;
  /** How far pictures arrive from their even times, at clients that share the machine. */
  readonly jitterMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** How late they left, by the simulator's own clock. */
  readonly lateMs: PaceFigures;
  /** How late a process of the same priority that does nothing else is woken meanwhile: what the machine itself adds. */
  readonly idleLateMs: { readonly p50: number; readonly p90: number; readonly p99: number };
  readonly loadAverage: number;
  readonly firstPictureMs: number;
  readonly residentMiB: number;
}

type Simulator = ChildProcessByStdio<null, Readable, Readable>;

const KBPS = 4000;
const SETTLE_MS = 3000;
/** Linux counts CPU time in hundredths of a second (getconf CLK_TCK). */
const CLOCK_TICKS = 100;

export async function measureCameras(cameras: number, seconds: number): Promise<CamerasFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cameras-'));
  try {
    const video = join(folder, 'road.mp4');
    const rate = `${KBPS}k`;
    // biome-ignore format: one option with its value at a time
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=25', '-t', '8',
      '-vf', 'noise=alls=12:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50',
      '-b:v', rate, '-maxrate', rate, '-bufsize', rate, video]);
    const cli = join(import.meta.dirname, '../../simulator/src/cli.ts');
    const args = [cli, '--source', video, '--cameras', String(cameras), '--port', '0', '--control', '0'];
    const simulator = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      return await measure(simulator, cameras, seconds);
    } finally {
      simulator.kill('SIGTERM');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(simulator: Simulator, cameras: number, seconds: number): Promise<CamerasFigures> {
  const controlUrl = readControlUrl(simulator);
  const urls = await readUrls(simulator, cameras);
  const pace = async (): Promise<PaceFigures> =>
    (await fetch(`${await controlUrl}/pace`)).json() as Promise<PaceFigures>;
  const firstPicture = await timeToFirstPicture(urls[0] as string);
  const viewers = await Promise.all(urls.map(play));
  await delay(SETTLE_MS);
  let bytes = 0;
  const offsets = viewers.map((): number[] => []);
  for (const [i, viewer] of viewers.entries()) {
    viewer.measure((offset, size) => {
      offsets[i]?.push(offset);
      bytes += size;
    });
  }
  const idle = idleLateness(seconds);
  await pace();
  const [cpu, wall] = [await cpuSeconds(simulator), performance.now()];
  await delay(seconds * 1000);
  const cores = ((await cpuSeconds(simulator)) - cpu) / ((performance.now() - wall) / 1000);
  const lateMs = await pace();
  const status = await readFile(`/proc/${simulator.pid}/status`, 'utf8');
  const memory = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  for (const viewer of viewers) viewer.close();
  const lateness = offsets.flatMap(apart).sort((a, b) => a - b);
  const percentile = (p: number): number =>
    round(lateness[Math.floor((lateness.length - 1) * p)] ?? Number.NaN);
  return {
    cameras,
    cores: round(cores),
    megabitsPerSecond: Math.round((bytes * 8) / seconds / 1e6),
    picturesPerSecond: Math.round(lateness.length / seconds),
    jitterMs: { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), max: percentile(1) },
    lateMs,
    idleLateMs: await idle,
    loadAverage: round(loadavg()[0] ?? 0),
    firstPictureMs: Math.round(firstPicture),
    residentMiB: Math.round(Number(memory) / 1024),
  };
}

/** From the log, which is read to its end so that the simulator never waits for a reader. */
function readControlUrl(simulator: Simulator): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: simulator.stderr }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'control' && url !== undefined) resolve(url);
    });
  });
}

async function readUrls(simulator: Simulator, cameras: number): Promise<string[]> {
  let text = '';
  while (text.split('\n').length <= cameras) text += String((await once(simulator.stdout, 'data'))[0]);
  return text.trim().split('\n');
}

async function timeToFirstPicture(url: string): Promise<number> {
  const begun = performance.now();
  const client = await RtspClient.open(url);
  await client.play();
  while (!(await client.rtp()).marker);
  client.close();
  return performance.now() - begun;
}

interface Viewer {
  /** @param each given the arrival of a picture, less its time in the stream */
  measure(each: (offsetMs: number, bytes: number) => void): void;
  close(): void;
}

/** A viewer that looks at nothing but the RTP headers, so that its own cost does not blur the figures. */
async function play(url: string): Promise<Viewer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`SETUP ${url} RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n`);
  const session = /Session: (\w+)/.exec(String((await once(socket, 'data'))[0]))?.[1];
  socket.write(`PLAY ${url} RTSP/1.0\r\nCSeq: 2\r\nSession: ${session}\r\n\r\n`);
  let each: ((offsetMs: number, bytes: number) => void) | null = null;
  let first: number | null = null;
  let pending = Buffer.alloc(0);
  let size = 0;
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      if (pending.length > 0 && pending[0] !== 0x24) {
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return;
        pending = pending.subarray(end + 4);
        continue;
      }
      if (pending.length < 4 || pending.length < 4 + pending.readUInt16BE(2)) return;
      const end = 4 + pending.readUInt16BE(2);
      size += end;
      if (pending[1] === 0 && (pending[5] ?? 0) & 0x80 && each !== null) {
        const timestamp = pending.readUInt32BE(8);
        first ??= timestamp;
        each(performance.now() - ((timestamp - first) | 0) / 90, size);
        size = 0;
      }
      pending = pending.subarray(end);
    }
  });
  return {
    measure: (callback) => {
      each = callback;
    },
    close: () => socket.destroy(),
  };
}

/** Timers as a camera of 25 pictures a second sets them, in a process of their own. */
async function idleLateness(seconds: number): Promise<CamerasFigures['idleLateMs']> {
  const script = `
    const late = [];
    let due = performance.now() + 40;
    const end = performance.now() + ${seconds * 1000};
    (function wake() {
      for (const now = performance.now(); due < now + 0.5; due += 40) late.push(Math.max(0, now - due));
      if (performance.now() < end) return setTimeout(wake, due - performance.now());
      late.sort((a, b) => a - b);
      const at = (share) => Number(late[Math.floor((late.length - 1) * share)].toFixed(2));
      console.log(JSON.stringify({ p50: at(0.5), p90: at(0.9), p99: at(0.99) }));
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  return JSON.parse(stdout) as CamerasFigures['idleLateMs'];
}

/** How far each lies from their median. */
function apart(offsets: readonly number[]): number[] {
  const median = [...offsets].sort((a, b) => a - b)[offsets.length >> 1] ?? 0;
  return offsets.map((offset) => Math.abs(offset - median));
}

async function cpuSeconds(simulator: Simulator): Promise<number> {
  const stat = await readFile(`/proc/${simulator.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
