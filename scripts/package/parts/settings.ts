/** The settings file that a package begins with: the program's example, with the folders of an installed service. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '../product.ts';

export function settings(root: string, { name, service }: Product): string {
  const file = `${name}/${name}.example.yaml`;
  const example = readFileSync(join(root, file), 'utf8');
  const text = [
    [/^# yaml-language-server:.*\n/m, ''],
    [
      new RegExp(`npm run ${name} -- --config FILE --check-config`),
      `sudo ${service} --config FILE --check-config`,
    ],
    [/^dataDir: \S+/m, `dataDir: /var/lib/${service}`],
  ] as const;
  return text.reduce((sofar, [what, instead]) => {
    if (!what.test(sofar))
      throw new Error(`${file} has no ${what.source}, which a package puts its own in place of`);
    return sofar.replace(what, instead);
  }, example);
}
