/** A private key and its certificates in one file that only the owner reads, so that they are there together or not at all. */
import { chmodSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { newId } from '@roadwatch/contract';

export interface PemFile {
  readonly key: string;
  /** The own one first. */
  readonly certificates: readonly string[];
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----\n?/g;

/** Null when there is no such file. Throws when it holds something else. */
export function readPemFile(path: string): PemFile | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const key = pemBlocks(text).find((block) => block.includes('PRIVATE KEY-----'));
  const certificates = certificatesIn(text);
  if (key === undefined || certificates.length === 0)
    throw new Error(`${path}: holds no private key with its certificate`);
  return { key, certificates };
}

export function certificatesIn(text: string): string[] {
  return pemBlocks(text).filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----'));
}

/** Takes the place of what was there. */
export function writePemFile(path: string, { key, certificates }: PemFile): void {
  const temporary = writeBeside(path, key + certificates.join(''), 0o600);
  renameSync(temporary, path);
}

/** Returns what is in the file afterwards: ours, or that of somebody who was quicker. */
export function createPemFile(path: string, file: PemFile): PemFile {
  const temporary = writeBeside(path, file.key + file.certificates.join(''), 0o600);
  try {
    linkSync(temporary, path);
    return file;
  } catch (error) {
    const existing = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readPemFile(path) : null;
    if (existing === null) throw error;
    return existing;
  } finally {
    rmSync(temporary);
  }
}

/** As a whole or not at all, with just these rights. */
export function replaceFile(path: string, text: string, mode: 0o600 | 0o644): void {
  const temporary = writeBeside(path, text, mode);
  // The process's own mask takes some away.
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

function writeBeside(path: string, text: string, mode: number): string {
  const temporary = `${path}.${newId()}.part`;
  writeFileSync(temporary, text, { mode, flag: 'wx', flush: true });
  return temporary;
}

function pemBlocks(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([block]) => `${block.trimEnd()}\n`);
}
