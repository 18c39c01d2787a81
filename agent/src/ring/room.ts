/**
 * How much of the disk the rings of all cameras may take, and where they go when that is too little: other things on that disk
 * come first. A ring shrinks as the disk fills up; when too little is left it goes on in memory, and comes back later.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmdirSync, type Stats, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type AgentTrouble, timestamp } from '@roadwatch/contract';
import { diskSentence, roomIn } from '../disk/disk-error.ts';
import { sweepRings } from './files.ts';

/** How many rings there are, and what each may take. */
interface Shares {
  readonly cameras: number;
  /** Of one ring. */
  readonly maxBytes: number;
}

export interface RingRoomOptions extends Shares {
  /** `ring.dir`. */
  readonly dir: string;
  /** A file system in memory. */
  readonly memory?: string;
}

/** As much of `SegmentRing` as must be known. */
export interface Tenant {
  readonly bytes: number;
  readonly isInMemory: boolean;
  /** Why it is in memory. */
  readonly reason: string | null;
}

/** With less, not even one segment is kept. */
const LEAST_BYTES = 4 * 2 ** 20;
/** Left to others on the disk: a twentieth of it, at most so much. */
const KEEP_FREE_BYTES = 64 * 2 ** 20;
/** A ring in memory, which is also a part of what is free there. */
const MEMORY_BYTES = 16 * 2 ** 20;
const MEMORY_PART = 8;
/** The disk is looked at no more often. */
const LOOK_MS = 1_000;
/** A disk must have had room for so long before rings come back to it. */
const SETTLED_MS = 60_000;
/** One that says it has room, and takes nothing, is tried again after so long, each time after twice as long; after `maxMs` without that it begins anew. */
const REFUSED = { firstMs: SETTLED_MS, maxMs: 3_600_000 };
/** linux/magic.h, TMPFS_MAGIC. */
const TMPFS = 0x01021994;

export class RingRoom {
  #options: RingRoomOptions;
  readonly #tenants = new Set<Tenant>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #share = 0;
  #roomySince: number | null = null;
  #movedAt: string | null = null;
  /** What the disk said; null: it takes what it is given. */
  #refused: string | null = null;
  #refusedUntilMs = Number.NEGATIVE_INFINITY;
  #refusedForMs = 0;

  constructor(options: RingRoomOptions) {
    this.#options = options;
  }

  add(tenant: Tenant): void {
    this.#tenants.add(tenant);
  }

  /** It takes nothing any more. */
  remove(tenant: Tenant): void {
    this.#tenants.delete(tenant);
  }

  /** From now on; a ring that takes more shrinks as it goes on. */
  share(shares: Shares): void {
    this.#options = { ...this.#options, ...shares };
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  get troubles(): readonly AgentTrouble[] {
    const moved = [...this.#tenants].find((ring) => ring.isInMemory);
    if (moved === undefined) {
      this.#movedAt = null;
      return [];
    }
    this.#movedAt ??= timestamp(Date.now());
    return [{ code: 'ring_in_memory', detail: (moved.reason ?? '').slice(0, 500), since: this.#movedAt }];
  }

  /** The disk takes nothing though there is room on it, as when a quota is used up: rings go elsewhere for a while. */
  refuse(said: string): void {
    const now = performance.now();
    // Every camera finds it out by itself.
    if (now < this.#refusedUntilMs) return;
    const isNew = now - this.#refusedUntilMs > REFUSED.maxMs;
    this.#refusedForMs = isNew ? REFUSED.firstMs : Math.min(REFUSED.maxMs, 2 * this.#refusedForMs);
    this.#refusedUntilMs = now + this.#refusedForMs;
    this.#refused = said;
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  /** What a ring may take of the disk at present. */
  get diskBytes(): number {
    this.#look();
    return Math.min(this.#options.maxBytes, Math.max(LEAST_BYTES, this.#share));
  }

  /** What a ring may take in memory; 0: there is none to be had. */
  get memoryBytes(): number {
    const root = this.#memoryRoot();
    const free = root === null ? null : roomIn(dirname(root));
    if (free === null) return 0;
    const part = Math.min(freemem(), free.freeBytes) / MEMORY_PART / this.#options.cameras;
    const bytes = Math.min(this.#options.maxBytes, MEMORY_BYTES, part);
    return bytes >= Math.min(LEAST_BYTES, this.#options.maxBytes) ? bytes : 0;
  }

  /** Why there is too little room on the disk for a ring; null: there is enough. */
  get problem(): string | null {
    this.#look();
    const { dir, maxBytes } = this.#options;
    if (this.#share >= Math.min(LEAST_BYTES, maxBytes)) return null;
    return diskSentence(nearest(dir), 'full', this.#refused ?? '');
  }

  /** Whether rings that are in memory should come back. */
  get isRoomy(): boolean {
    this.#look();
    return this.#roomySince !== null && performance.now() - this.#roomySince >= SETTLED_MS;
  }

  /** Makes the folder in memory that stands in for one on disk; null where that cannot be. */
  inMemory(dir: string): string | null {
    const root = this.#memoryRoot();
    if (root === null || this.memoryBytes === 0) return null;
    try {
      mkdirSync(root, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isOurs(root)) return null;
    }
    return join(root, basename(dir));
  }

  /** The folders in which a ring may be, at home and in memory. */
  placesOf(dir: string): readonly string[] {
    const root = this.#memoryRoot();
    return root === null || !isOurs(root) ? [dir] : [dir, join(root, basename(dir))];
  }

  /** Deletes what an agent that was killed left in memory, but for the folders of these names. */
  sweep(keep: readonly string[] = []): void {
    const root = this.#memoryRoot();
    if (root === null || !isOurs(root)) return;
    sweepRings(root, keep);
    this.close();
  }

  /** Leaves no empty folder in memory. */
  close(): void {
    const root = this.#memoryRoot();
    try {
      if (root !== null && isOurs(root)) rmdirSync(root);
    } catch {
      // What is still to be shown is in it.
    }
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const { dir, cameras, maxBytes } = this.#options;
    const room = roomIn(nearest(dir));
    const own = [...this.#tenants].reduce((sum, ring) => sum + (ring.isInMemory ? 0 : ring.bytes), 0);
    const keep = room === null ? 0 : Math.min(KEEP_FREE_BYTES, room.totalBytes / 20);
    // What cannot be measured is taken as it is configured.
    this.#share = room === null ? maxBytes : (room.freeBytes + own - keep) / cameras;
    if (this.#refused !== null && now >= this.#refusedUntilMs) this.#refused = null;
    if (room?.freeFiles === 0 || this.#refused !== null) this.#share = 0;
    if (this.#share < Math.min(2 * LEAST_BYTES, maxBytes)) this.#roomySince = null;
    else this.#roomySince ??= now;
  }

  /** Null where there is no such file system, or the rings are in it already. */
  #memoryRoot(): string | null {
    const { dir, memory = '/dev/shm' } = this.#options;
    try {
      if (statfsSync(memory).type !== TMPFS) return null;
      if (lstatSync(memory).dev === lstatSync(nearest(dir)).dev) return null;
    } catch {
      return null;
    }
    return join(memory, `roadwatch-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
  }
}

/** The folder, or the one above it that is there. */
function nearest(dir: string): string {
  let folder = dir;
  while (statusOf(folder)?.isDirectory() !== true && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** Null where it is not, or cannot be asked for. */
function statusOf(folder: string): Stats | null {
  try {
    return lstatSync(folder);
  } catch {
    return null;
  }
}

/** Others may make folders there, too. */
function isOurs(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === process.getuid?.() && (status.mode & 0o077) === 0;
}
