/** The log lines of running programs, to be waited for. */
import type { LogLine } from '../../scripts/demo/child.ts';
import type { ProgramName } from '../../scripts/demo/loop.ts';

interface Entry {
  readonly program: ProgramName;
  readonly line: LogLine;
}

export class LogBook {
  readonly #entries: Entry[] = [];
  readonly #waiters = new Set<() => void>();

  readonly onLog = (program: ProgramName, line: LogLine): void => {
    this.#entries.push({ program, line });
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  };

  /** A place in the book: `next` looks from there on. */
  get end(): number {
    return this.#entries.length;
  }

  all(program: ProgramName, message: string): readonly LogLine[] {
    return this.#entries
      .filter((entry) => entry.program === program && entry.line.msg === message)
      .map((entry) => entry.line);
  }

  /** The first line with that message at or after `from`; the test's own time limit ends the wait. */
  async next(program: ProgramName, message: string, from = 0): Promise<LogLine> {
    for (let at = from; ; at++) {
      while (at >= this.#entries.length) await new Promise<void>((resolve) => this.#waiters.add(resolve));
      const { program: writer, line } = this.#entries[at] as Entry;
      if (writer === program && line.msg === message) return line;
    }
  }
}
