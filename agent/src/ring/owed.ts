/**
 * What the ring of an agent that was ended still holds of moments that are to be shown: set aside before the next recording takes
 * its place. Its files are dated by when they were last written, for the clock of that recording is gone.
 */
import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { wallMs } from '@roadwatch/common';
import { isMarked, removeFile } from './files.ts';
import type { Segment } from './segments.ts';

/** Shown before and after a moment, seconds, and what the dates may be off. */
const AROUND_SECONDS = 5;
/** No file is taken to begin earlier than this before its end: there was nothing to record. */
const LONGEST_SECONDS = 15;

export interface OwedRing {
  /** In seconds since 1970 by the wall clock: the time in the files is another. */
  readonly ring: { between(startSeconds: number, endSeconds: number): readonly Segment[] };
  readonly clock: { toPtsSeconds(atMs: number): number };
  /** The file that holds the moment; undefined when none does. */
  holding(atMs: number): Segment | undefined;
  /** Deletes it. */
  end(): void;
}

/** Where what is owed of a ring is set aside. */
export function owedFolder(ring: string): string {
  return `${ring}.owed`;
}

/** `places`: the folders in which the camera's ring may be. A folder that cannot be read or written holds nothing. */
export function keepOwed(places: readonly string[], momentsMs: readonly number[]): OwedRing {
  const kept: Segment[] = [];
  for (const place of places) {
    const aside = owedFolder(place);
    const files = [...datedFiles(place), ...datedFiles(aside)].sort((a, b) => a.endSeconds - b.endSeconds);
    for (const [index, { file, name, endSeconds, bytes }] of files.entries()) {
      const before = files[index - 1]?.endSeconds ?? Number.NEGATIVE_INFINITY;
      const startSeconds = Math.max(before, endSeconds - LONGEST_SECONDS);
      const isWanted = momentsMs.some(
        (ms) =>
          wallMs(ms) / 1000 > startSeconds - AROUND_SECONDS &&
          wallMs(ms) / 1000 < endSeconds + AROUND_SECONDS,
      );
      const moved = isWanted ? movedTo(file, aside, name) : null;
      if (moved !== null) kept.push({ file: moved, startSeconds, endSeconds, bytes });
      else if (file.startsWith(aside)) removeFile(file);
    }
  }
  return {
    ring: {
      between: (startSeconds, endSeconds) =>
        kept.filter((segment) => segment.endSeconds > startSeconds && segment.startSeconds <= endSeconds),
    },
    clock: { toPtsSeconds: (atMs) => wallMs(atMs) / 1000 },
    holding: (atMs) =>
      kept.find(
        ({ startSeconds, endSeconds }) =>
          wallMs(atMs) / 1000 >= startSeconds && wallMs(atMs) / 1000 <= endSeconds,
      ),
    end: () => {
      for (const { file } of kept) removeFile(file);
      for (const place of places) removeEmpty(owedFolder(place));
    },
  };
}

interface DatedFile {
  readonly file: string;
  readonly name: string;
  readonly endSeconds: number;
  readonly bytes: number;
}

function datedFiles(folder: string): readonly DatedFile[] {
  try {
    return readdirSync(folder)
      .filter(isMarked)
      .map((name) => {
        const file = join(folder, name);
        const { mtimeMs, size } = statSync(file);
        return { file, name, endSeconds: mtimeMs / 1000, bytes: size };
      })
      .filter(({ bytes }) => bytes > 0);
  } catch {
    return [];
  }
}

function movedTo(file: string, folder: string, name: string): string | null {
  const target = join(folder, name);
  try {
    if (file !== target) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      renameSync(file, target);
    }
    return target;
  } catch {
    return null;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, or somebody else's things are in it.
  }
}
