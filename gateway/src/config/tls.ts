/** The line to the boxes: how the embedded broker shows itself, who vouches for boxes, and what boxes are told when they pair. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isEncrypted, isThisMachine } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Authority } from '../pki/authority.ts';
import { certificatesIn, type PemFile } from '../pki/pem-file.ts';
import { readServerFiles, type ServerFiles } from '../pki/server-certificate.ts';

const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });

export const TlsSection = Type.Object(
  { certFile: Type.Optional(Path), keyFile: Type.Optional(Path), caFile: Type.Optional(Path) },
  { additionalProperties: false },
);
export const AuthoritySection = Type.Object(
  { certFile: Path, keyFile: Path },
  { additionalProperties: false },
);

export interface TlsConfig {
  /** The city's own certificate; null: one of our authority. */
  readonly files: ServerFiles | null;
  /** PEM: who vouches for the city's own; null: a public authority. */
  readonly cityAuthority: string | null;
  /** By which boxes know us. */
  readonly names: readonly string[];
}

interface Given {
  readonly broker: {
    readonly host: string;
    readonly url?: string;
    readonly publicUrl?: string;
    readonly tls?: Static<typeof TlsSection>;
    readonly requireCertificates: boolean;
  };
  readonly http: { readonly publicUrl?: string };
}

/** Null: the embedded broker speaks in the clear. */
export function resolveTls({ broker, http }: Given, folder: string, problems: string[]): TlsConfig | null {
  const { tls, publicUrl } = broker;
  if (tls !== undefined && broker.url !== undefined)
    problems.push('broker.tls: is of the embedded broker; leave it out beside broker.url');
  if (broker.requireCertificates && tls === undefined)
    problems.push('broker.requireCertificates: needs broker.tls');
  if (publicUrl !== undefined && broker.url === undefined && isEncrypted(publicUrl) !== (tls !== undefined))
    problems.push(
      `broker.publicUrl: expected ${tls === undefined ? 'mqtt://, for want of' : 'mqtts://, for'} broker.tls`,
    );
  if (tls === undefined) return null;
  const { certFile, keyFile, caFile } = tls;
  if ((certFile === undefined) !== (keyFile === undefined))
    problems.push('broker.tls: certFile and keyFile go together');
  if (caFile !== undefined && certFile === undefined) problems.push('broker.tls.caFile: goes with certFile');
  const files =
    certFile === undefined || keyFile === undefined
      ? null
      : { certFile: resolve(folder, certFile), keyFile: resolve(folder, keyFile) };
  if (files !== null) attempt('broker.tls', problems, () => readServerFiles(files));
  const cityAuthority =
    caFile === undefined
      ? null
      : attempt('broker.tls.caFile', problems, () => authorityIn(resolve(folder, caFile)));
  return { files, cityAuthority, names: namesOf(broker.host, [publicUrl, http.publicUrl]) };
}

/** Null: our own. */
export function resolveAuthority(
  section: Static<typeof AuthoritySection> | undefined,
  folder: string,
  problems: string[],
): PemFile | null {
  if (section === undefined) return null;
  return attempt('authority', problems, () => {
    const file = {
      key: readFileSync(resolve(folder, section.keyFile), 'utf8'),
      certificates: certificatesIn(readFileSync(resolve(folder, section.certFile), 'utf8')),
    };
    return new Authority(file) && file;
  });
}

function authorityIn(path: string): string {
  const certificates = certificatesIn(readFileSync(path, 'utf8'));
  if (certificates.length === 0) throw new Error(`${path}: holds no certificate (PEM)`);
  return certificates.join('');
}

/** A host that stands for all of the machine's addresses is no name. */
function namesOf(host: string, urls: readonly (string | undefined)[]): readonly string[] {
  const known = urls.flatMap((url) => (url === undefined ? [] : [new URL(url).hostname]));
  const all = host === '0.0.0.0' || host === '::';
  const names = all || isThisMachine(host) ? ['localhost', '127.0.0.1', '::1'] : [];
  return [
    ...new Set([...(all ? [] : [host]), ...known.map((name) => name.replace(/^\[|\]$/g, '')), ...names]),
  ];
}

function attempt<Value>(field: string, problems: string[], read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    const { code, message, path } = error as NodeJS.ErrnoException;
    problems.push(`${field}: ${path === undefined ? message : `${path} cannot be read (${code})`}`);
    return null;
  }
}
