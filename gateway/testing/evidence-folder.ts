/** A folder of pictures that comes and goes. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';

/** The folder of the pictures, which can be away: its name then points to a file, in which none can be stored. */
export class EvidenceFolder {
  readonly path: string;
  away = false;

  constructor(path: string) {
    this.path = path;
    mkdirSync(`${path}.kept`, { recursive: true });
    writeFileSync(`${path}.away`, '');
    this.#point('kept');
  }

  take(): void {
    this.#point('away');
    this.away = true;
  }

  giveBack(): void {
    this.#point('kept');
    this.away = false;
  }

  /** A rename takes the place of the old name at once. */
  #point(to: 'kept' | 'away'): void {
    symlinkSync(`${this.path}.${to}`, `${this.path}.new`);
    renameSync(`${this.path}.new`, this.path);
  }
}
