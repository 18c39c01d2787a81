/**
 * The certificate with which the embedded broker shows itself: issued by our authority and renewed long before it ends, or the city's,
 * read anew when its files change. Neither needs a restart.
 */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Authority } from './authority.ts';
import { certificatesIn, type PemFile, readPemFile, writePemFile } from './pem-file.ts';

export interface ServerFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface ServerKeys {
  readonly key: string;
  /** The own one first, then those that lead to its authority. */
  readonly cert: string;
}

export interface ServerCertificateOptions {
  readonly dataDir: string;
  readonly authority: Authority;
  /** Host names and addresses by which boxes know us. */
  readonly names: readonly string[];
  /** Those of the city, instead of our own. */
  readonly files: ServerFiles | null;
}

/** The certificate to use now. Throws one sentence when the city's cannot be used. */
export async function serverKeys(options: ServerCertificateOptions, nowMs: number): Promise<ServerKeys> {
  if (options.files !== null) return readServerFiles(options.files);
  const path = join(options.dataDir, 'tls', 'broker.pem');
  const present = readPemFile(path);
  const file = present !== null && isGood(present, options, nowMs) ? present : await issue(options, nowMs);
  if (file !== present) writePemFile(path, file);
  return { key: file.key, cert: file.certificates.join('') };
}

/** Throws one sentence that names the file. */
export function readServerFiles({ certFile, keyFile }: ServerFiles): ServerKeys {
  const cert = readFileSync(certFile, 'utf8');
  const key = readFileSync(keyFile, 'utf8');
  const [own] = certificatesIn(cert);
  if (own === undefined) throw new Error(`${certFile}: holds no certificate (PEM)`);
  if (!new X509Certificate(own).checkPrivateKey(createPrivateKey(key)))
    throw new Error(`${keyFile}: is not the key of ${certFile}`);
  return { key, cert };
}

/** Of ours, for all its names, and with a third of its life left. */
function isGood(
  { certificates }: PemFile,
  { authority, names }: ServerCertificateOptions,
  nowMs: number,
): boolean {
  const own = new X509Certificate(certificates[0] as string);
  const [from, to] = [own.validFromDate.getTime(), own.validToDate.getTime()];
  return (
    authority.hasIssued(own) &&
    names.every((name) => (isIP(name) === 0 ? own.checkHost(name) : own.checkIP(name)) !== undefined) &&
    nowMs >= from &&
    nowMs < to - (to - from) / 3
  );
}

async function issue({ authority, names }: ServerCertificateOptions, nowMs: number): Promise<PemFile> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { certificate } = await authority.issueServer(names, publicKey, nowMs);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificates: [certificate, authority.certificate],
  };
}
