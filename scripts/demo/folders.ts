/** Where a run of the demo keeps its config, its stores and its evidence; older runs make room. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = fileURLToPath(new URL('../../.roadwatch/', import.meta.url));
const KEPT_RUNS = 5;

/** A new folder of its own for this run, readable by its owner alone: it holds passwords. */
export function newRunFolder(startedAt: Date): string {
  const name = `demo-${startedAt.toISOString().replaceAll(':', '-')}-${process.pid}`;
  const folder = join(RUNS, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const older = readdirSync(RUNS)
    .filter((entry) => entry.startsWith('demo-') && !isRunning(entry))
    .sort();
  for (const entry of older.slice(0, -KEPT_RUNS)) rmSync(join(RUNS, entry), { recursive: true, force: true });
  return folder;
}

function isRunning(entry: string): boolean {
  const pid = Number(entry.split('-').at(-1));
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
