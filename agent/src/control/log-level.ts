/** How much the agent logs: as its settings say, or as somebody at the box has asked until the next start, whatever they say meanwhile. */
import type { LogLevel as Level } from '@roadwatch/contract';
import type { Logger } from 'pino';

export interface LevelNow {
  readonly level: Level;
  /** What the settings say; the same where nobody has asked for another. */
  readonly settings: Level;
}

export class LogLevel {
  readonly #log: Logger;
  #settings: Level;
  #asked: Level | null = null;

  /** `settings`: what the logger has already. */
  constructor(log: Logger, settings: Level) {
    this.#log = log;
    this.#settings = settings;
  }

  get now(): LevelNow {
    return { level: this.#asked ?? this.#settings, settings: this.#settings };
  }

  /** Counts at once, unless another was asked for. */
  set settings(level: Level) {
    this.#settings = level;
    this.#log.level = this.now.level;
  }

  /** Null: as the settings say. */
  ask(level: Level | null): LevelNow {
    this.#asked = level;
    this.#log.level = this.now.level;
    // Also where it is the last but warnings that is heard for long: whoever reads the log must know why.
    const { level: counts, settings } = this.now;
    this.#log.warn({ counts, settings }, 'log level changed by a command, until the next start');
    return this.now;
  }
}
