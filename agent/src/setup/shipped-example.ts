/** The settings that ship as an example. A package lays them where the service looks, for `init` to put a box's own in their place. */
import { readFileSync } from 'node:fs';
import { parseYaml } from '@roadwatch/common';

const EXAMPLE = new URL('../../agent.example.yaml', import.meta.url);

/** Whether nobody has changed a byte of it. */
export function isUntouchedExample(file: string): boolean {
  try {
    return readFileSync(file).equals(readFileSync(EXAMPLE));
  } catch {
    return false;
  }
}

/** As it stands in the example: of a package an absolute path. */
export function exampleDataDir(): string {
  const { dataDir } = parseYaml(readFileSync(EXAMPLE, 'utf8')).value as { readonly dataDir: string };
  return dataDir;
}
