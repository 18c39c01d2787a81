/** The control file of a Debian package (deb-control(5)). */
import type { Product } from '../product.ts';
import type { Target } from '../target.ts';

export function control(
  { service, summary, description, needs }: Product,
  target: Target,
  version: string,
  installedBytes: number,
): string {
  const depends = needs.debian.map(([name, least]) => (least === undefined ? name : `${name} (${least})`));
  return `${[
    `Package: ${service}`,
    `Version: ${version}`,
    `Architecture: ${target.debian}`,
    'Maintainer: Roadwatch <packages@roadwatch.example.org>',
    `Installed-Size: ${Math.ceil(installedBytes / 1024)}`,
    `Depends: ${depends.join(', ')}`,
    'Recommends: systemd',
    'Section: misc',
    'Priority: optional',
    `Description: ${summary}`,
    ...description.map((line) => ` ${line}`),
  ].join('\n')}\n`;
}
