/** Shell scripts of packages, from `deploy`: the same for every program but for names that stand in them between `@`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '../product.ts';
import type { Target } from '../target.ts';

/** Throws when a name is left that nobody knows. */
export function template(root: string, path: string, product: Product, target: Target): string {
  const values: Readonly<Record<string, () => string>> = {
    NAME: () => product.name,
    SERVICE: () => product.service,
    GROUPS: () => product.groups.join(' '),
    MACHINE_NAME: () => target.machine,
    COMMANDS: () => product.needs.commands.join(' '),
    DEBIAN: () => `apt-get install ${product.needs.debian.map(([name]) => name).join(' ')}`,
    MACHINE: () => template(root, 'deploy/package/machine.sh', product, target).trimEnd(),
  };
  return readFileSync(join(root, path), 'utf8').replaceAll(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path}: @${name}@ is the name of nothing`);
    return value();
  });
}
