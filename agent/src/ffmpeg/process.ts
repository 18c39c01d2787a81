/**
 * The only module that knows fluent-ffmpeg. The library writes the command line and no more: it loses track of processes
 * that it kills (node-fluent-ffmpeg#1303), so each child is spawned, ended and awaited here.
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { foreignInput, killGroup, type Limits, spawnContained } from './containment.ts';

export interface FfmpegInput {
  readonly url: string;
  readonly options: readonly string[];
  /** The protocols through which it may be read, where it holds what a camera has sent; null for what is made here. */
  readonly foreign: readonly string[] | null;
}
export interface FfmpegOutput {
  readonly target: string;
  readonly options: readonly string[];
}
export interface FfmpegExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The arguments for inputs and outputs in this order, with progress off and each line of the log marked with its level. */
export function ffmpegArguments(inputs: readonly FfmpegInput[], outputs: readonly FfmpegOutput[]): string[] {
  const command = ffmpeg();
  for (const { url, options, foreign } of inputs) {
    command.input(url).inputOptions([...(foreign === null ? [] : foreignInput(foreign)), ...options]);
  }
  for (const { target, options } of outputs) command.output(target).outputOptions([...options]);
  return ['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'level+info', ...command._getArguments()];
}

const KILL_AFTER_MS = 2_000;
/** What the child has written is read to its end, unless somebody whom it has started holds the pipes. */
const DRAIN_MS = 500;
let running = 0;

/** Children alive in this process, for the metrics. */
export function ffmpegChildren(): number {
  return running;
}

export interface FfmpegOptions {
  /** Whether it reads pipe:0. */
  readonly stdin?: boolean;
  /** How many outputs it writes to, as pipe:1, pipe:3, pipe:4 and so on. */
  readonly pipes?: number;
  readonly limits?: Limits;
}

/** One ffmpeg process: SIGTERM, then SIGKILL, with all that it started; `exit` settles when the system has let go of it. */
export class Ffmpeg {
  readonly exit: Promise<FfmpegExit>;
  readonly #child: ChildProcess;
  #ended = false;

  constructor(args: readonly string[], { stdin = false, pipes = 1, limits = {} }: FfmpegOptions = {}) {
    const extra = Array.from({ length: Math.max(0, pipes - 1) }, () => 'pipe' as const);
    this.#child = spawnContained(
      'ffmpeg',
      args.filter((argument) => !stdin || argument !== '-nostdin'),
      limits,
      [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', ...extra],
    );
    running++;
    // A child that has gone must not bring the process down through its pipes.
    for (const stream of this.#child.stdio) stream?.on('error', () => {});
    this.exit = new Promise((resolve) => {
      const settle = (exit: FfmpegExit): void => {
        if (this.#ended) return;
        this.#ended = true;
        running--;
        resolve(exit);
      };
      this.#child.once('error', () => settle({ code: 127, signal: null }));
      this.#child.once('close', (code, signal) => settle({ code, signal }));
      this.#child.once('exit', () => {
        killGroup(this.#child, 'SIGKILL');
        const drained = setTimeout(() => {
          for (const stream of this.#child.stdio) stream?.destroy();
        }, DRAIN_MS);
        this.#child.once('close', () => clearTimeout(drained));
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }
  get stdin(): Writable {
    return this.#child.stdin as Writable;
  }
  get log(): Readable {
    return this.#child.stderr as Readable;
  }
  /** `pipe:1` is 1, `pipe:3` is 3. */
  output(descriptor: number): Readable {
    return this.#child.stdio[descriptor] as Readable;
  }

  /** Ends the process; safe to call again. */
  async stop(): Promise<FfmpegExit> {
    if (this.#ended) return this.exit;
    killGroup(this.#child, 'SIGTERM');
    // Output that nobody reads would keep the child from ending.
    for (const stream of this.#child.stdio.slice(1)) (stream as Readable | null)?.resume();
    const escalation = setTimeout(() => killGroup(this.#child, 'SIGKILL'), KILL_AFTER_MS);
    try {
      return await this.exit;
    } finally {
      clearTimeout(escalation);
    }
  }
}

export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
}

/** Runs a short job and returns what it wrote to pipe:1, at most `maxBytes`. Throws FfmpegError with the last line of the log. */
export async function runFfmpeg(
  args: readonly string[],
  options: { readonly maxBytes: number; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Buffer> {
  const child = new Ffmpeg(args);
  const chunks: Buffer[] = [];
  let bytes = 0;
  let problem = '';
  const fail = (reason: string): void => {
    problem ||= reason;
    void child.stop();
  };
  child.output(1).on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > options.maxBytes) fail(`wrote more than ${options.maxBytes} bytes`);
    else chunks.push(chunk);
  });
  let lastLine = '';
  child.log.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').at(-1)?.slice(0, 300) ?? lastLine;
  });
  const timer = setTimeout(() => fail(`took longer than ${options.timeoutMs} ms`), options.timeoutMs);
  const onAbort = (): void => fail('was stopped');
  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) onAbort();
  try {
    const { code } = await child.exit;
    if (problem === '' && code !== 0) problem = lastLine || `ended with code ${code}`;
    if (problem !== '') throw new FfmpegError(problem);
    return Buffer.concat(chunks, bytes);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}
