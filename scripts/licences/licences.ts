/**
 * Under which licences the production packages are, by the lock file, and which of them we may not ship: what is copyleft or
 * unknown fails unless it is named here with the reason why it may stay.
 */

/** Ask for no more than that the notice is kept. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC-BY-4.0', 'CC0-1.0'],
  ...['ISC', 'MIT', 'MIT-0', 'Python-2.0', 'Unlicense', 'Zlib'],
]);

export interface Exception {
  readonly package: RegExp;
  /** As the package says; null: it says nothing. With any other it fails again. */
  readonly licence: string | null;
  readonly reason: string;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    package: /^@img\/sharp-libvips-/,
    licence: 'LGPL-3.0-or-later',
    reason: 'libvips, unmodified, a shared library of its own that whoever has the program can replace',
  },
  {
    package: /^@img\/sharp-(win32|wasm32)/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later',
    reason: 'sharp with libvips for platforms that we do not run on; installed there only',
  },
  {
    package: /^@img\/sharp-wasm32$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    reason: 'sharp with libvips for platforms that we do not run on; installed there only',
  },
  {
    package: /^async$/,
    licence: null,
    reason: 'the old version that fluent-ffmpeg needs says MIT in its LICENSE file only',
  },
];

interface Entry {
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}
export interface Lock {
  readonly packages: Readonly<Record<string, Entry>>;
}

export interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly verdict: 'permissive' | 'excepted' | 'refused';
  readonly reason: string;
}

/** Every package that is installed without development ones, on any platform, by name. */
export function productionLicences(
  { packages }: Lock,
  exceptions: readonly Exception[] = EXCEPTIONS,
): readonly Licensed[] {
  return Object.entries(packages)
    .filter(
      ([path, { link, dev, devOptional }]) => path.includes('node_modules/') && !link && !dev && !devOptional,
    )
    .map(([path, { version = '', license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return judge(name, version, license ?? null, exceptions);
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/** Exceptions that no package needs any more: a list that only grows is not read. */
export function idleExceptions(
  licensed: readonly Licensed[],
  exceptions: readonly Exception[] = EXCEPTIONS,
): readonly Exception[] {
  return exceptions.filter(
    (entry) => !licensed.some(({ name, licence }) => entry.package.test(name) && entry.licence === licence),
  );
}

function judge(
  name: string,
  version: string,
  licence: string | null,
  exceptions: readonly Exception[],
): Licensed {
  if (licence !== null && isPermissive(licence))
    return { name, version, licence, verdict: 'permissive', reason: '' };
  const exception = exceptions.find((entry) => entry.package.test(name) && entry.licence === licence);
  return exception === undefined
    ? { name, version, licence, verdict: 'refused', reason: 'copyleft or unknown' }
    : { name, version, licence, verdict: 'excepted', reason: exception.reason };
}

/** An SPDX expression (SPDX 2.3, annex D): all of what AND joins, one of what OR joins; AND binds closer. */
export function isPermissive(expression: string): boolean {
  const words = expression.replaceAll(/[()]/g, ' $& ').trim().split(/\s+/);
  let at = 0;
  const either = (): boolean => {
    let fits = all();
    while (words[at] === 'OR') {
      at++;
      const other = all();
      fits = fits || other;
    }
    return fits;
  };
  const all = (): boolean => {
    let fits = one();
    while (words[at] === 'AND') {
      at++;
      const other = one();
      fits = fits && other;
    }
    return fits;
  };
  const one = (): boolean => {
    const word = words[at++] ?? '';
    if (word !== '(') return PERMISSIVE.has(word);
    const inner = either();
    return words[at++] === ')' && inner;
  };
  return either() && at === words.length;
}
