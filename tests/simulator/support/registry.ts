/** A registry of npm on loopback that has what this checkout has installed: packages are installed from it without internet. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { archive } from '../../../scripts/package/tree/archive.ts';
import { readTree } from '../../../scripts/package/tree/read-tree.ts';

interface Locked {
  readonly version: string;
  readonly link?: boolean;
}

interface Published {
  readonly version: string;
  readonly folder: string;
  readonly locked: Locked;
}

export interface Registry {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startRegistry(root: string): Promise<Registry> {
  const packages = publishedBy(root);
  const server = createServer((request, response) => {
    const [, name = '', tarball] =
      /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    const versions = packages.get(name);
    const wanted = versions?.find(({ version }) => version === tarball);
    if (versions === undefined || (tarball !== undefined && wanted === undefined)) {
      response.writeHead(404).end();
    } else if (wanted === undefined) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(described(name, versions, url)));
    } else {
      const files = readTree(wanted.folder, (path) => !path.startsWith('node_modules/')).filter(
        ({ kind }) => kind === 'file',
      );
      void pipeline(archive(files, 'package', new Date(0)), createGzip({ level: 1 }), response).catch(() =>
        response.destroy(),
      );
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** By the lock file, which names packages for other machines too: npm leaves those out by what it says of them. */
function publishedBy(root: string): ReadonlyMap<string, readonly Published[]> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const found = Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, locked]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      ...{ version: locked.version, folder: join(root, path), locked },
    }));
  return Map.groupBy(found, ({ name }) => name);
}

/** What npm asks for before it fetches a package: its versions, and what each of them needs. */
function described(name: string, versions: readonly Published[], url: string): object {
  return {
    name,
    'dist-tags': { latest: versions[0]?.version },
    versions: Object.fromEntries(
      versions.map(({ version, locked }) => {
        const { integrity: _, resolved: __, ...needs } = locked as Locked & Record<string, unknown>;
        return [version, { ...needs, name, dist: { tarball: `${url}/${name}/-/${version}.tgz` } }];
      }),
    ),
  };
}
