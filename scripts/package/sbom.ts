/** What a package consists of, for those who look for known flaws in it: a bill of materials in CycloneDX 1.5, as JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from './product.ts';
import type { Target } from './target.ts';

/** Of a package, as npm has noted it down. */
interface Installed {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** `folder`: where the production packages have been installed. `version`: of the program. */
export function sbom(
  folder: string,
  product: Product,
  target: Target,
  version: string,
  madeAt: Date,
): string {
  const { packages } = JSON.parse(
    readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'),
  ) as { readonly packages: Readonly<Record<string, Installed>> };
  const found = Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, installed]) =>
      component(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), installed),
    );
  const { integrity } = target.node;
  const node = component(`node-${target.name}`, { version: target.node.version, license: 'MIT', integrity });
  // One package may lie in several places.
  const components = [...new Map([...found, node].map((entry) => [entry.purl, entry])).values()].sort(
    (a, b) => (a.purl < b.purl ? -1 : 1),
  );
  const about = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: madeAt.toISOString(),
      component: {
        type: 'application',
        'bom-ref': `${product.service}@${version}`,
        name: product.service,
        version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components,
    dependencies: [{ ref: `${product.service}@${version}`, dependsOn: components.map(({ purl }) => purl) }],
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}

function component(name: string, { version = '', license, integrity }: Installed) {
  const [group, base] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name: base as string,
    version,
    purl,
    ...(license === undefined ? {} : { licenses: [licence(license)] }),
    ...(integrity === undefined ? {} : { hashes: [sha512(integrity)] }),
  };
}

function licence(text: string) {
  return /[ ()]/.test(text) ? { expression: text } : { license: { id: text } };
}

/** From the form of Subresource Integrity to hexadecimal. */
function sha512(integrity: string) {
  const base64 = integrity.replace(/^sha512-/, '');
  return { alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') };
}
