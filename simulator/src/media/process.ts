/** Programs run as children (ffmpeg and ffprobe): started, fed, read to a limit, and ended with their caller's signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A video or picture file that cannot be used, with the reason in a sentence. */
export class UnusableSourceError extends Error {
  override name = 'UnusableSourceError';
}

/** ffmpeg or ffprobe, without which there are no pictures, is not on this machine. */
export class MissingProgramError extends Error {
  override name = 'MissingProgramError';

  constructor(program: string) {
    super(
      `${program} is not installed; it comes with ffmpeg (Debian and Ubuntu: apt install ffmpeg, macOS: brew install ffmpeg)`,
    );
  }
}

/** Frames made here rather than by ffmpeg: packed RGB, `width * height * 3` bytes each. */
export interface RawFrames {
  readonly width: number;
  readonly height: number;
  readonly frames: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** Runs a program to its end and returns what it printed. */
export async function collect(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  limit = 64 * 1024 * 1024,
): Promise<Buffer> {
  const child = start(command, args, signal, ['ignore', 'pipe', 'pipe']);
  const [, stdout, stderr] = child.stdio as unknown as [null, Readable, Readable];
  const [out, complaint, code] = await Promise.all([
    gather(stdout, limit),
    gather(stderr, 1024 * 1024),
    exitOf(child),
  ]).catch((error: Error) => {
    child.kill('SIGKILL');
    throw error;
  });
  signal.throwIfAborted();
  if (code !== 0) throw new Error(lastLine(complaint) || `${command} ended with ${code}`);
  return out;
}

export function start(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  stdio: ('pipe' | 'ignore')[],
): ChildProcess {
  signal.throwIfAborted();
  return spawn(command, args, { stdio, signal, killSignal: 'SIGKILL' });
}

export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new MissingProgramError(child.spawnfile) : error),
    );
    child.once('close', resolve);
  });
}

export async function gather(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes > limit) {
      throw new UnusableSourceError(
        `more than ${Math.round(limit / 1024 / 1024)} MiB of compressed video; give a shorter piece`,
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export async function endInput(stdin: Writable): Promise<void> {
  stdin.on('error', () => {});
  stdin.end();
}

export async function feed(source: RawFrames, stdin: Writable): Promise<void> {
  // ffmpeg's own complaint says more than the broken pipe that follows it.
  stdin.on('error', () => {});
  for await (const frame of source.frames) {
    if (!stdin.writable) return;
    if (!stdin.write(frame)) await drained(stdin);
  }
  stdin.end();
  await finished(stdin).catch(() => {});
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

export function lastLine(output: Buffer): string {
  return (output.toString('utf8').trim().split('\n').at(-1) ?? '').slice(0, 300);
}
