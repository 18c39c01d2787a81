/**
 * Whether the store and the evidence can be written: told once when it stops and once when it is over, shown by the health check, a
 * metric and the console.
 */
import { statfs } from 'node:fs/promises';
import type { TroubleCode, Written } from '@roadwatch/contract/api';
import type { Logger } from 'pino';
import { StoreTrouble } from './trouble.ts';

/** With less room than this a small entry may still be saved by luck, and the next one not. */
const MIN_FREE_BYTES = 1024 * 1024;

export interface Trouble {
  readonly what: Written;
  readonly code: TroubleCode;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export class WriteHealth {
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #troubles = new Map<Written, Trouble>();
  /** Whose room is looked at from time to time. */
  readonly #measured = new Set<Written>();
  /** What had no room when it was last looked at, or has had none since; whatever the last attempt to write said. */
  readonly #tight = new Set<Written>();
  #lastWriteAt = 0;

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  get troubles(): readonly Trouble[] {
    return [...this.#troubles.values()];
  }

  of(what: Written): Trouble | null {
    return this.#troubles.get(what) ?? null;
  }

  /** When the store was last written, in milliseconds since 1970. */
  get lastWriteAt(): number {
    return this.#lastWriteAt;
  }

  wrote(what: Written): void {
    if (what === 'store') this.#lastWriteAt = this.#now();
    if (!this.#tight.has(what)) this.#over(what);
  }

  failed(what: Written, { code, message }: StoreTrouble): void {
    if (code === 'store_full' && this.#measured.has(what)) this.#tight.add(what);
    const before = this.#troubles.get(what);
    if (before?.code === code) return;
    this.#troubles.set(what, { what, code, since: before?.since ?? this.#now() });
    this.#log.error({ what, code, reason: message }, 'cannot be written');
  }

  /** Looks how much room the folder has. Once it was full, a write that succeeds counts only after there was room again. */
  async measure(what: Written, folder: string): Promise<void> {
    const free = await freeBytes(folder);
    if (free === null) return;
    this.#measured.add(what);
    if (free >= MIN_FREE_BYTES) {
      this.#tight.delete(what);
      return;
    }
    this.failed(what, new StoreTrouble('store_full', new Error(`${free} bytes are free in ${folder}`)));
  }

  #over(what: Written): void {
    const trouble = this.#troubles.get(what);
    if (trouble === undefined) return;
    this.#troubles.delete(what);
    const seconds = Math.round((this.#now() - trouble.since) / 1000);
    this.#log.info({ what, code: trouble.code, seconds }, 'can be written again');
  }
}

/** What the gateway's user may still write; null where there is no such folder. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
