/**
 * Room on the disk that the agent keeps for itself from the start: a file that it gives up, piece by piece, when its database
 * finds no other room, and fills again once there is some.
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { roomIn } from '../disk/disk-error.ts';

/** For some hundred detections with their pictures. */
const RESERVE_BYTES = 16 * 2 ** 20;
const RESERVE_FILE = 'agent.reserve';
/** Of what is free, at most. */
const PART = 4;
const PIECE_BYTES = 2 ** 20;
/** Given up at a time: as little as helps, since whoever filled the disk may take the rest of it. */
const STEP_BYTES = 2 * 2 ** 20;

/** Whether an agent has kept its memory in this folder before. */
export function hasRun(folder: string): boolean {
  return existsSync(join(folder, RESERVE_FILE));
}

export class Reserve {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get bytes(): number {
    return this.#open('r', (file) => fstatSync(file).size) ?? 0;
  }

  /** What it lacks, in bytes, of what the disk has room for. */
  get missing(): number {
    const free = roomIn(this.#folder)?.freeBytes ?? 0;
    const { bytes } = this;
    return Math.max(0, Math.min(RESERVE_BYTES, Math.floor((free + bytes) / PART)) - bytes);
  }

  /** Fills it as far as there is room; at most so many bytes at a time. Says nothing when there is none. */
  fill(mostBytes = RESERVE_BYTES): void {
    const missing = Math.min(this.missing, mostBytes);
    if (missing === 0) return;
    // Not zeros, for which some file systems keep no room.
    const piece = randomFillSync(Buffer.allocUnsafe(PIECE_BYTES));
    this.#open('a', (file) => {
      for (let left = missing; left > 0; ) left -= writeSync(file, piece, 0, Math.min(left, piece.length));
    });
  }

  /** False when nothing is left of it. */
  giveUp(): boolean {
    return (
      this.#open('r+', (file) => {
        const { size } = fstatSync(file);
        if (size === 0) return false;
        ftruncateSync(file, Math.max(0, size - STEP_BYTES));
        return true;
      }) ?? false
    );
  }

  #open<T>(flags: string, use: (file: number) => T): T | null {
    try {
      const file = openSync(join(this.#folder, RESERVE_FILE), flags, 0o600);
      try {
        return use(file);
      } finally {
        closeSync(file);
      }
    } catch {
      return null;
    }
  }
}
