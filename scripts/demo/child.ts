/** One of the project's programs as a child process: its lines, its logs, and an end that is always reached. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

const ROOT = new URL('../../', import.meta.url);
const KILL_AFTER_MS = 15_000;
const LAST_LINES = 200;

/** One line of a program's log, as pino writes it. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface ChildOptions {
  /** Where standard error (the log) is kept. */
  readonly logFile: string;
  /** Besides the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  onLog?(line: LogLine): void;
}

export class Child {
  readonly name: string;
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiters = new Set<() => void>();
  readonly #errors: string[] = [];
  #ended = false;

  /** Starts `script` (a path from the root of the project) with the Node that runs this process. */
  constructor(name: string, script: string, args: readonly string[], options: ChildOptions) {
    this.name = name;
    const child = spawn(process.execPath, [script, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.write(`${line}\n`);
      this.#errors.push(line);
      if (this.#errors.length > LAST_LINES) this.#errors.shift();
      const parsed = parseLog(line);
      if (parsed !== null) options.onLog?.(parsed);
    });
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.#ended = true;
        log.end();
        this.#wake();
        resolve(code);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The first line of standard output, from the beginning on, that matches. Throws when the program ends without one. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return this.nthLine(pattern, 1);
  }

  async nthLine(pattern: RegExp, count: number): Promise<RegExpExecArray> {
    let matches = 0;
    for (let at = 0; ; at++) {
      while (at >= this.#lines.length) {
        if (this.#ended) throw new Error(`${this.name} ended before it was ready: ${this.lastWords()}`);
        await new Promise<void>((resolve) => this.#waiters.add(resolve));
      }
      const match = pattern.exec(this.#lines[at] as string);
      if (match !== null && ++matches === count) return match;
    }
  }

  /** All lines of standard output so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Why it ended, as far as its log says: the message of the last line. */
  lastWords(): string {
    const last = this.#errors.findLast((line) => line.trim() !== '') ?? 'no message';
    const message = parseLog(last)?.msg;
    return typeof message === 'string' ? message : last;
  }

  /** Asks it to end, insists after a while, and resolves with its exit code when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.#ended) return this.exited;
    this.#process.kill(signal);
    const insist = setTimeout(() => this.#process.kill('SIGKILL'), KILL_AFTER_MS);
    try {
      return await this.exited;
    } finally {
      clearTimeout(insist);
    }
  }

  #wake(): void {
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }
}

/** Runs a program to its end. Throws with its last words when it fails. */
export async function runToEnd(
  name: string,
  script: string,
  args: readonly string[],
  logFile: string,
): Promise<readonly string[]> {
  const child = new Child(name, script, args, { logFile });
  const code = await child.exited;
  if (code !== 0) throw new Error(`${name} failed (${code}): ${child.lastWords()}`);
  return child.lines;
}

function parseLog(line: string): LogLine | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
}
