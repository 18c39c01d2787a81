/**
 * The names of the ring's files, by which the agent knows its own: whatever folder `ring.dir` names, nothing else in it is ever
 * deleted.
 */
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MARKED = /^roadwatch-[0-9a-f]{8}-\d{6,}\.ts$/;

/** For ffmpeg: the files of one recording. */
export function segmentPattern(run: string): string {
  return `roadwatch-${run}-%06d.ts`;
}

/** The number of a file of this recording; null when it is none. */
export function numberOf(run: string, name: string): number | null {
  return isMarked(name) && name.startsWith(`roadwatch-${run}-`) ? Number(name.slice(19, -3)) : null;
}

/** Whether a file is the agent's own. */
export function isMarked(name: string): boolean {
  return MARKED.test(name);
}

/** False when it is there and cannot be deleted. */
export function removeFile(file: string): boolean {
  try {
    rmSync(file, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Deletes the agent's own files in a folder, and the folder when nothing else is in it. Throws what the system says. */
export function removeMarked(dir: string): void {
  let entries: readonly string[];
  try {
    entries = readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const marked = entries.filter(isMarked);
  for (const name of marked) rmSync(join(dir, name), { force: true });
  if (marked.length > 0 && marked.length === entries.length) rmdirSync(dir);
}

/** Deletes what an agent that was killed left of cameras that are no more. Returns what could not be deleted, and why. */
export function sweepRings(dir: string, keep: readonly string[]): readonly string[] {
  const problems: string[] = [];
  for (const folder of foldersIn(dir)) {
    if (keep.includes(folder)) continue;
    try {
      removeMarked(join(dir, folder));
    } catch (error) {
      problems.push(`${join(dir, folder)}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
  return problems;
}

/** Not what links lead to. A folder that cannot be read holds nothing of ours: who begins to write in it is told. */
function foldersIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
