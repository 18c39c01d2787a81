/**
 * One file of a release on its way to the box: what has come stays on the disk, whatever ends the connection or the agent, and the
 * rest is asked for from there on. It is believed when it has the SHA-256 that was signed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@roadwatch/common';
import type { ReleaseFile } from '@roadwatch/contract';
import type { UpdateCode } from '@roadwatch/contract/codes';
import { roomIn } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { FetchBudget } from './budget.ts';
import type { FileSource } from './gateway-files.ts';
import { UpdateRefusal } from './update-refusal.ts';

const BACKOFF = { firstMs: 1_000, maxMs: 60_000 };
/** The disk of a box is for evidence, too. */
const SPARE_BYTES = 32 * 1024 * 1024;
/** A file that came whole and was not what was signed is fetched once more: a disk that lost power may have damaged it. */
const MAX_DAMAGED = 2;
/** How often a day's bytes are written down while a file comes. */
const NOTE_EVERY_BYTES = 1024 * 1024;

export interface FetchEvents {
  /** So much of the file is on the disk. */
  onReceived(bytes: number): void;
  /** Nothing comes for now, and why; null: it flows again. */
  onHeld(why: { readonly code: UpdateCode; readonly detail: string } | null): void;
  /** What the day has been charged for is to be kept. */
  onCharged(): void;
}

export class FileFetcher {
  readonly #dir: string;
  readonly #source: FileSource;
  readonly #budget: FetchBudget;

  /** `dir`: for what has come so far. */
  constructor(dir: string, source: FileSource, budget: FetchBudget) {
    this.#dir = dir;
    this.#source = source;
    this.#budget = budget;
  }

  /** Where a file lies once it is whole. */
  pathOf(sha256: string): string {
    return join(this.#dir, sha256);
  }

  /** Of these files what has come is kept, by their SHA-256, and of no other. */
  static keepOnly(dir: string, wanted: readonly string[]): void {
    for (const name of namesIn(dir)) if (!wanted.includes(name)) rmSync(join(dir, name), { force: true });
  }

  /** Resolves when the file is whole and on the disk. Throws UpdateRefusal, or what the signal says. */
  async fetch(file: ReleaseFile, events: FetchEvents, signal: AbortSignal): Promise<void> {
    makeFolder(this.#dir);
    for (let damaged = 0; damaged < MAX_DAMAGED; damaged++) {
      await this.#untilWhole(file, events, signal);
      if ((await hashOf(this.pathOf(file.sha256))) === file.sha256) return;
      rmSync(this.pathOf(file.sha256), { force: true });
    }
    throw new UpdateRefusal('file_damaged', `${file.name}: what came has another SHA-256 than was signed`);
  }

  async #untilWhole(file: ReleaseFile, events: FetchEvents, signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (;;) {
      const before = sizeOf(this.pathOf(file.sha256));
      if (before === file.bytes) return;
      if (before > file.bytes) rmSync(this.pathOf(file.sha256), { force: true });
      this.#mustHaveRoom(file.bytes - before);
      if (this.#budget.isUsedUp) {
        events.onHeld({ code: 'data_budget', detail: 'what may be fetched on a day has been fetched' });
        await sleep(this.#budget.untilTomorrowMs, undefined, { signal });
        continue;
      }
      try {
        await this.#receive(file, events, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof UpdateRefusal) throw error;
        if (sizeOf(this.pathOf(file.sha256)) > before) failures = 0;
        events.onHeld({ code: 'not_reached', detail: (error as Error).message.slice(0, 400) });
        await sleep(backoffMs(failures++, BACKOFF, Math.random()), undefined, { signal });
      }
    }
  }

  /** From what is there to the end, or until the connection ends or the day's budget does. */
  async #receive({ sha256, bytes }: ReleaseFile, events: FetchEvents, signal: AbortSignal): Promise<void> {
    const path = this.pathOf(sha256);
    const ending = new AbortController();
    const handle = await open(path, 'a', 0o600);
    try {
      let size = (await handle.stat()).size;
      const chunks = await this.#source.open(sha256, size, AbortSignal.any([signal, ending.signal]));
      events.onHeld(null);
      let noted = size;
      for await (const chunk of chunks) {
        if (size + chunk.length > bytes) throw new Error('more came than the file has');
        await handle.writeFile(chunk);
        size += chunk.length;
        events.onReceived(size);
        await this.#budget.charge(chunk.length, signal);
        if (size - noted > NOTE_EVERY_BYTES) {
          noted = size;
          events.onCharged();
        }
        if (this.#budget.isUsedUp) break;
      }
      if (size < bytes && !this.#budget.isUsedUp) throw new Error('the connection ended before the file did');
      await handle.sync();
    } finally {
      ending.abort();
      await handle.close();
      events.onCharged();
    }
  }

  #mustHaveRoom(bytes: number): void {
    const room = roomIn(this.#dir);
    if (room !== null && room.freeBytes < bytes + SPARE_BYTES)
      throw new UpdateRefusal(
        'update_no_room',
        `${(room.freeBytes / 1e6).toFixed(0)} MB are free; ${((bytes + SPARE_BYTES) / 1e6).toFixed(0)} MB are needed`,
      );
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
