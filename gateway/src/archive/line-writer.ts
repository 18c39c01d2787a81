/** Writes objects as one compressed JSON text a line, durably, with a digest of all lines so far. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export class LineWriter {
  readonly #gzip = createGzip();
  readonly #digest = createHash('sha256');
  readonly #writing: Promise<void>;

  constructor(file: string) {
    this.#writing = pipeline(this.#gzip, createWriteStream(file, { mode: 0o600, flush: true }));
    // Told by `write` and `end`.
    this.#writing.catch(() => {});
  }

  async write(line: object): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.#digest.update(text);
    if (this.#gzip.write(text)) return;
    await Promise.race([once(this.#gzip, 'drain'), this.#writing]);
  }

  /** SHA-256 of what has been written. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  async end(): Promise<void> {
    this.#gzip.end();
    await this.#writing;
  }

  /** Lets go of the file, whatever is in it. */
  async abandon(): Promise<void> {
    this.#gzip.destroy();
    await this.#writing.catch(() => {});
  }
}
