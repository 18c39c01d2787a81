/** The agent as the process that it is on a box: killed, started anew on the same folder, and read by its log and its metrics. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child, type LogLine } from '../../../scripts/demo/child.ts';
import { LogBook } from '../../support/log-book.ts';

export interface CameraEntry {
  readonly id: string;
  readonly url: string;
}

export interface AgentSetup {
  readonly folder: string;
  /** Where its data is; by default beside the rest. */
  readonly dataDir?: string;
  readonly mqtt: { readonly url: string; readonly password?: string };
  readonly model: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Laid over the configuration file. */
  readonly change?: object;
}

/** Name, with its label, to value. */
export type Figures = ReadonlyMap<string, number>;

export class AgentProcess {
  readonly book = new LogBook();
  /** Why it ended, each time that nobody had asked it to. */
  readonly deaths: string[] = [];
  readonly #setup: AgentSetup;
  readonly #file: string;
  #child: Child | null = null;
  #cameras: readonly CameraEntry[] = [];

  constructor(setup: AgentSetup) {
    this.#setup = setup;
    this.#file = join(setup.folder, 'agent.yaml');
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }
  get logFile(): string {
    return join(this.#setup.folder, 'agent.log');
  }
  /** From the next start on. */
  watch(cameras: readonly CameraEntry[]): void {
    this.#cameras = cameras;
    const { dataDir = 'agent', mqtt, model, change } = this.#setup;
    const config = {
      ...{ site: 'site', agent: 'box', dataDir, mqtt, model },
      health: { port: 0 },
      verify: { minSeconds: 1, minLooks: 3 },
      cameras: this.#cameras.map(({ id, url }) => ({ id, name: { en: id, zh: id }, url })),
      ...change,
    };
    writeFileSync(this.#file, JSON.stringify(config), { mode: 0o600 });
  }

  start(): void {
    const child = new Child('agent', 'agent/src/cli.ts', ['--config', this.#file], {
      logFile: this.logFile,
      ...(this.#setup.env === undefined ? {} : { env: this.#setup.env }),
      onLog: (line) => this.book.onLog('agent', line),
    });
    this.#child = child;
    void child.exited.then((code) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.deaths.push(`the agent ended (${code}): ${child.lastWords()}`);
    });
  }

  async started(from = 0): Promise<LogLine> {
    const child = this.#child;
    const line = this.book.next('agent', 'agent started', from);
    const ended = child?.exited.then(() => {
      throw new Error(`the agent ended: ${child.lastWords()}`);
    });
    return Promise.race([line, ...(ended === undefined ? [] : [ended])]);
  }

  /** The first line of that message from `from` on, or null when it does not come in that time. */
  said(message: string, withinMs: number, from = 0): Promise<LogLine | null> {
    return Promise.race([this.book.next('agent', message, from), sleep(withinMs, null, { ref: false })]);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    return child === null ? null : child.stop(signal);
  }

  async figures(): Promise<Figures> {
    const line = this.book.all('agent', 'agent started').at(-1);
    if (line === undefined) throw new Error('the agent has not started');
    const text = await (await fetch(new URL('/metrics', String(line.health)))).text();
    return new Map(
      text.split('\n').flatMap((row) => {
        const at = row.lastIndexOf(' ');
        return at < 0 || row.startsWith('#') ? [] : [[row.slice(0, at), Number(row.slice(at + 1))] as const];
      }),
    );
  }

  /** What it has committed to disk, by camera; read while it does not run. */
  committed(): readonly { readonly id: string; readonly camera: string }[] {
    const { folder, dataDir = 'agent' } = this.#setup;
    const file = resolve(folder, dataDir, 'agent.db');
    if (!existsSync(file)) return [];
    const database = new DatabaseSync(file);
    try {
      const rows = database.prepare('SELECT id, camera FROM known_damage').all();
      return rows as unknown as readonly { id: string; camera: string }[];
    } catch (error) {
      // Killed before it had made its tables.
      if (/no such table/.test((error as Error).message)) return [];
      throw error;
    } finally {
      database.close();
    }
  }
}

/** The sum of a figure over all cameras, or of one: `analysed_total`. */
export function cameraFigure(figures: Figures, name: string, camera: string): number {
  return figures.get(`roadwatch_camera_${name}{camera="${camera}"}`) ?? 0;
}
