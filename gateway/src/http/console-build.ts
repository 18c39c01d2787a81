/**
 * The console, built from its sources when that has not been done since they last changed. A package of the gateway holds what was
 * built and no sources: there nothing is built, and nothing that builds is needed.
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { precompress } from './compression.ts';

const FOLDER = fileURLToPath(new URL('../../console/', import.meta.url));
const MADE = ['dist', 'node_modules', '.roadwatch'];

/** Returns the folder to serve. */
export async function buildConsole(): Promise<string> {
  const built = join(FOLDER, 'dist');
  if (isFresh(built)) return built;
  // Elsewhere first: another gateway may be serving the old one, or building at the same time.
  const outDir = join(FOLDER, '.roadwatch', `build-${process.pid}`);
  try {
    await buildConsoleInto(outDir);
    replace(built, outDir);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  return built;
}

/** Builds it anew into a folder, which is emptied first. */
export async function buildConsoleInto(outDir: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    root: FOLDER,
    configFile: join(FOLDER, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
  await precompress(outDir);
}

/**
 * Scripts and styles of a page of the console, by their names in assets/, which follow from what is in them: a page that runs
 * others is an older one. Empty where the page has not been built.
 */
export async function pageFiles(folder: string, page: string): Promise<readonly string[]> {
  const html = await readFile(join(folder, page), 'utf8').catch(() => '');
  return [...html.matchAll(/(?:src|href)="[^"]*\bassets\/([\w.-]+\.(?:js|css))"/g)].map(
    ([, name]) => name as string,
  );
}

function isFresh(built: string): boolean {
  const page = join(built, 'index.html');
  return existsSync(page) && statSync(page).mtimeMs >= newest(FOLDER);
}

function replace(old: string, fresh: string): void {
  rmSync(old, { recursive: true, force: true });
  try {
    renameSync(fresh, old);
  } catch (error) {
    // Another gateway has put its own there in between.
    if (!isFresh(old)) throw error;
  }
}

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !MADE.includes(entry.name))
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    });
  return Math.max(0, ...times);
}
