/** The models that ship with Roadwatch, and how a model folder is read. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from './manifest.ts';

export * from './manifest.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of a shipped model: the highest version of that name. Throws ModelError when none ships. */
export function shippedModel(name = 'road-damage-nano'): string {
  const versions = readdirSync(here)
    .filter((entry) => entry.startsWith(`${name}-`) && /^\d+$/.test(entry.slice(name.length + 1)))
    .sort((a, b) => Number(b.slice(name.length + 1)) - Number(a.slice(name.length + 1)));
  const [latest] = versions;
  if (latest === undefined) throw new ModelError(`no shipped model is called ${name}`);
  return join(here, latest);
}
