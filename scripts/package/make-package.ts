/** Makes the packages of one program for one target, from the lock file and the sources of this checkout. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsoleInto } from '../../gateway/src/http/console-build.ts';
import { writeBundle } from './bundle.ts';
import { writeChecksums } from './checksums.ts';
import { control } from './debian/control.ts';
import { deb } from './debian/deb.ts';
import { productionPackages } from './parts/production.ts';
import { nodeRuntime } from './parts/runtime.ts';
import { settings } from './parts/settings.ts';
import { sources } from './parts/sources.ts';
import { template } from './parts/templates.ts';
import type { Product } from './product.ts';
import { sbom } from './sbom.ts';
import type { Target } from './target.ts';
import { complete, type Entry, FILE, PROGRAM, under } from './tree/entry.ts';
import { readTree } from './tree/read-tree.ts';

export interface Order {
  /** Of the checkout. */
  readonly root: string;
  readonly product: Product;
  readonly target: Target;
  /** Raised when the same version is packaged anew. */
  readonly revision: number;
  /** The point in time that every file of the packages has. */
  readonly madeAt: Date;
  /** The folder that the packages are put into. */
  readonly out: string;
}

export interface Made {
  readonly deb: string;
  readonly bundle: string;
  readonly sbom: string;
  /** On disk, without what it depends on. */
  readonly installedBytes: number;
  readonly files: number;
}

export async function makePackage(order: Order): Promise<Made> {
  const { root, product, target, revision, madeAt, out } = order;
  const work = mkdtempSync(join(tmpdir(), 'roadwatch-package-'));
  try {
    const version = `${versionOf(root, product)}-${revision}`;
    const [npm, node, console] = ['npm', 'node', 'console'].map((name) => join(work, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(node);
    const packages = productionPackages(root, npm, product, target);
    const bill = sbom(npm, product, target, version, madeAt);
    if (product.hasConsole) await buildConsoleInto(console);
    const home = `opt/${product.service}`;
    const script = (path: string): string => template(root, path, product, target);
    const common: readonly Entry[] = [
      ...under(home, [
        ...nodeRuntime(node, target),
        ...under('node_modules', packages),
        ...sources(root, product.sources),
        // As it stands in /etc, so that the program knows whether somebody has changed that one.
        {
          path: `${product.name}/${product.name}.example.yaml`,
          kind: 'file',
          mode: FILE,
          text: settings(root, product),
        },
        ...(product.hasConsole ? under('gateway/console/dist', readTree(console)) : []),
        {
          path: `bin/${product.service}`,
          kind: 'file',
          mode: PROGRAM,
          text: script('deploy/package/command.sh'),
        },
        // Says that these are modules, as it does for the workspaces in the repository.
        { path: 'package.json', kind: 'file', mode: FILE, text: '{ "type": "module", "private": true }\n' },
        { path: 'LICENSE', kind: 'file', mode: FILE, from: join(root, 'LICENSE') },
        { path: 'sbom.cdx.json', kind: 'file', mode: FILE, text: bill },
      ]),
      {
        path: `usr/lib/systemd/system/${product.service}.service`,
        kind: 'file',
        mode: FILE,
        from: join(root, 'deploy', product.name, `${product.service}.service`),
      },
      ...(product.updatesItself ? updater(order, script('deploy/package/update.sh')) : []),
      { path: `etc/roadwatch/${product.name}.yaml`, kind: 'file', mode: FILE, text: settings(root, product) },
    ];
    const installed = complete([
      ...common,
      { path: `usr/bin/${product.service}`, kind: 'link', to: `/${home}/bin/${product.service}` },
      {
        path: `usr/share/doc/${product.service}/copyright`,
        kind: 'file',
        mode: FILE,
        from: join(root, 'LICENSE'),
      },
    ]);
    const installedBytes = bytesOf(installed);
    mkdirSync(out, { recursive: true });
    const name = `${product.service}-${version}-${target.name}`;
    const made = {
      deb: join(out, `${product.service}_${version}_${target.debian}.deb`),
      bundle: join(out, `${name}.tar.gz`),
      sbom: join(out, `${name}.cdx.json`),
      installedBytes,
      files: installed.length,
    };
    const debian = await deb(
      installed,
      [`etc/roadwatch/${product.name}.yaml`],
      control(product, target, version, installedBytes),
      {
        postinst: script('deploy/debian/postinst'),
        prerm: script('deploy/debian/prerm'),
        postrm: script('deploy/debian/postrm'),
      },
      madeAt,
    );
    writeFileSync(made.deb, debian);
    await writeBundle(made.bundle, name, common, script('deploy/package/install.sh'), madeAt);
    writeFileSync(made.sbom, bill);
    writeChecksums(out);
    return made;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Not below /opt, where all is replaced at once. */
function updater({ root, product }: Order, text: string): readonly Entry[] {
  const { name, service } = product;
  return [
    { path: `usr/lib/${service}/update`, kind: 'file', mode: PROGRAM, text },
    ...['path', 'service'].map((kind): Entry => {
      const unit = `${service}-update.${kind}`;
      return {
        path: `usr/lib/systemd/system/${unit}`,
        kind: 'file',
        mode: FILE,
        from: join(root, 'deploy', name, unit),
      };
    }),
  ];
}

function versionOf(root: string, { name }: Product): string {
  return JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')).version;
}

/** In blocks of 4 KiB, as they come to lie on a disk. */
function bytesOf(entries: readonly Entry[]): number {
  const block = 4096;
  return entries.reduce((sum, entry) => {
    if (entry.kind !== 'file') return sum + block;
    const size = 'text' in entry ? Buffer.byteLength(entry.text) : statSync(entry.from).size;
    return sum + Math.ceil(size / block) * block;
  }, 0);
}
