/**
 * The settings of a running agent: read anew when it is asked to or their file has changed, and applied as a whole or not at all. What is
 * refused leaves everything as it is, and is said until the file is put right.
 */
import { ConfigError, type Log } from '@roadwatch/common';
import { type AgentTrouble, timestamp } from '@roadwatch/contract';
import { isSame, restartProblems } from '../config/changes.ts';
import { type ResolvedConfig, readConfig } from '../config/config.ts';
import type { ReloadFigures } from '../health/metrics.ts';
import { FileWatch } from './file-watch.ts';

interface ReloadParts {
  /** Null: the settings are those of the start, for ever. */
  readonly file: string | null;
  /** With which the agent has started, without what is laid over it. */
  readonly config: ResolvedConfig;
  /** Called with one after the other. What it throws is unexpected: it is called with the whole again at the next change. */
  apply(config: ResolvedConfig): Promise<void>;
  /** What `refused` says, or what is applied, has changed. */
  onReport(): void;
}

const MAX_REASONS = 50;
const MAX_REASON_LENGTH = 500;

export class Reloads {
  readonly #parts: ReloadParts;
  readonly #log: Log;
  #config: ResolvedConfig;
  #watch: FileWatch | null = null;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #isStarted = false;
  #isStopped = false;
  #refused: readonly string[] = [];
  #refusedAt = '';
  #applied = 0;
  #refusals = 0;
  /** The last try has failed half way, so the same settings are applied again. */
  #isPartial = false;

  constructor(parts: ReloadParts, log: Log) {
    this.#parts = parts;
    this.#log = log;
    this.#config = parts.config;
    // What changes while the agent starts is read once it has.
    this.#setWatch();
  }

  /** Every reason why what the file says now is not applied. */
  get refused(): string[] {
    return [...this.#refused];
  }

  get figures(): ReloadFigures {
    return { applied: this.#applied, refused: this.#refusals, isCurrent: this.#refused.length === 0 };
  }

  get troubles(): readonly AgentTrouble[] {
    const [first, ...more] = this.#refused;
    if (first === undefined) return [];
    const detail = more.length === 0 ? first : `${first} (and ${more.length} more)`;
    return [{ code: 'configuration_refused', detail: detail.slice(0, 500), since: this.#refusedAt }];
  }

  /** What was asked before is done now. */
  start(): void {
    this.#isStarted = true;
    if (this.#isWanted) void this.request();
  }

  /** Reads the file anew. Resolves when that has been applied or refused; requests that come meanwhile are one. */
  request(): Promise<void> {
    this.#isWanted = !this.#isStopped;
    if (!this.#isStarted) return Promise.resolve();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves when nothing is being applied any more; nothing is from then on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#isWanted = false;
    this.#watch?.stop();
    this.#watch = null;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#reload();
    }
  }

  async #reload(): Promise<void> {
    const { file } = this.#parts;
    if (file === null) return;
    const read = this.#read(file);
    if (!read.ok) {
      this.#refuse(read.problems);
      return;
    }
    if (isSame(this.#config, read.config) && !this.#isPartial) {
      if (this.#refused.length === 0) this.#log.info({}, 'configuration read, nothing has changed');
      else this.#log.info({}, 'configuration is as it was again');
      this.#note([]);
      this.#parts.onReport();
      return;
    }
    await this.#apply(read.config);
  }

  #read(
    file: string,
  ):
    | { readonly ok: true; readonly config: ResolvedConfig }
    | { readonly ok: false; readonly problems: readonly string[] } {
    try {
      const config = readConfig(file);
      const problems = [...config.cameraProblems, ...restartProblems(this.#config, config)];
      return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
    } catch (error) {
      const problems = (error as Error).message.split('\n').map((line) => line.replace(`${file}: `, ''));
      if (!(error instanceof ConfigError)) this.#log.error({ reason: problems[0] }, 'configuration not read');
      return { ok: false, problems };
    }
  }

  async #apply(config: ResolvedConfig): Promise<void> {
    try {
      await this.#parts.apply(config);
    } catch (error) {
      this.#isPartial = true;
      this.#refuse([`the file: could not be applied (${(error as Error).message}); some of it is`]);
      return;
    }
    this.#isPartial = false;
    this.#config = config;
    this.#applied++;
    this.#note([]);
    this.#setWatch();
    this.#log.info({ cameras: config.cameras.length }, 'configuration applied');
    this.#parts.onReport();
  }

  #refuse(problems: readonly string[]): void {
    this.#refusals++;
    this.#note(problems);
    this.#log.error({ refused: this.#refused }, 'configuration refused, the former one stays');
    this.#parts.onReport();
  }

  #note(problems: readonly string[]): void {
    if (this.#refused.length === 0) this.#refusedAt = timestamp(Date.now());
    const told = problems.length > MAX_REASONS ? problems.slice(0, MAX_REASONS - 1) : problems;
    const rest = problems.length - told.length;
    this.#refused = [
      ...told.map((problem) => problem.slice(0, MAX_REASON_LENGTH)),
      ...(rest === 0 ? [] : [`and ${rest} more`]),
    ];
  }

  #setWatch(): void {
    const { file } = this.#parts;
    const isWanted = file !== null && this.#config.reload.watch && !this.#isStopped;
    if (isWanted) this.#watch ??= new FileWatch(file, () => void this.request(), this.#log);
    else {
      this.#watch?.stop();
      this.#watch = null;
    }
  }
}
