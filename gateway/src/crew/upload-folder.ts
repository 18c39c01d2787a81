/**
 * Where photographs lie while they arrive: in files, so that many slow telephones cost no memory; each report in a folder of its
 * own that goes with it. How many may arrive at once is bounded, in all and for each link.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';

const AT_ONCE = 24;
const AT_ONCE_OF_A_LINK = 2;

export class UploadFolder {
  readonly #path: string;
  readonly #running = new Map<string, number>();
  #inAll = 0;

  /** Throws away what a process that died has left there. */
  constructor(dataDir: string) {
    this.#path = join(dataDir, 'uploads');
    rmSync(this.#path, { recursive: true, force: true });
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
  }

  /** Throws Refusal `unavailable` when too much arrives already. */
  async use<T>(link: string, work: (folder: string) => Promise<T>): Promise<T> {
    const running = this.#running.get(link) ?? 0;
    if (running >= AT_ONCE_OF_A_LINK || this.#inAll >= AT_ONCE)
      throw new Refusal('photos_crowded', 'too many photographs are arriving at present');
    this.#running.set(link, running + 1);
    this.#inAll++;
    try {
      const folder = await mkdtemp(join(this.#path, 'report-'));
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    } finally {
      this.#inAll--;
      const left = (this.#running.get(link) as number) - 1;
      if (left === 0) this.#running.delete(link);
      else this.#running.set(link, left);
    }
  }
}
