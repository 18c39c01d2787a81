/** The console, built from its sources when that has not been done since they last changed. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../console/', import.meta.url));

/** Returns the folder to serve. */
export async function buildConsole(): Promise<string> {
  const built = join(FOLDER, 'dist');
  const page = join(built, 'index.html');
  if (existsSync(page) && statSync(page).mtimeMs >= newest(FOLDER)) return built;
  const { build } = await import('vite');
  await build({ root: FOLDER, configFile: join(FOLDER, 'vite.config.ts'), logLevel: 'error' });
  return built;
}

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules')
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    });
  return Math.max(0, ...times);
}
