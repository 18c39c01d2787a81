/**
 * Files that somebody uploads as a release: hostile until each of them is what `release.json` says, that is signed by somebody whom we
 * trust, and a model is one that an agent can read. Nothing is run or unpacked.
 */
import type { KeyObject } from 'node:crypto';
import {
  newId,
  parseRelease,
  RELEASE_FILE,
  type Release,
  ReleaseError,
  ReleaseFileName,
  type ReleaseKind,
  type ReleaseSignature,
  SIGNATURE_FILE,
  sha256,
  signatureOf,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { ModelError, parseManifest } from '@roadwatch/models';
import { Value } from 'typebox/value';
import { Refusal } from '../refusal.ts';
import { bounded } from './bounded.ts';

const MANIFEST_FILE = 'manifest.json';
const CARD_FILE = 'MODEL_CARD.md';
const MAX_CARD_CHARACTERS = 64 * 1024;

/** Ends the first line of a PEM (RFC 7468) with a key; a program that only speaks of such keys goes on in its line. */
const PRIVATE_KEY = [Buffer.from('PRIVATE KEY-----\n'), Buffer.from('PRIVATE KEY-----\r\n')];

export type UploadedFiles = ReadonlyMap<string, Uint8Array>;

export interface CheckedRelease {
  readonly id: string;
  readonly release: Release;
  readonly text: string;
  readonly signature: ReleaseSignature | null;
  readonly card: string | null;
  /** Without `release.json` and `release.sig`. */
  readonly files: UploadedFiles;
}

export interface ReleaseRules {
  readonly keys: readonly KeyObject[];
  readonly allowUnsigned: boolean;
}

/** Throws Refusal with what is wrong with which file. */
export function checkUpload(uploaded: UploadedFiles, rules: ReleaseRules): CheckedRelease {
  for (const name of uploaded.keys())
    if (!isFileName(name))
      throw refused(
        `${JSON.stringify(name.slice(0, 100))}: expected a name of letters, digits, dots and hyphens, without a folder`,
      );
  refusePrivateKeys(uploaded);
  const files = new Map([...uploaded].filter(([name]) => name !== RELEASE_FILE && name !== SIGNATURE_FILE));
  const text = textOf(uploaded, RELEASE_FILE) ?? unsignedText(files);
  const release = read(text);
  mustBeAsSaid(release, files);
  const signature = signatureIn(uploaded, text, rules);
  if (release.kind === 'model') mustBeModel(release, files);
  const card = textOf(files, CARD_FILE);
  return {
    id: newId(),
    release,
    text,
    signature,
    card: card === null ? null : bounded(card, MAX_CARD_CHARACTERS),
    files,
  };
}

/** What is signed is handed to every box, and to whoever may read releases. Throws Refusal with the file that holds a private key. */
export function refusePrivateKeys(files: UploadedFiles): void {
  for (const [name, bytes] of files)
    if (PRIVATE_KEY.some((mark) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(mark)))
      throw refused(`${name}: holds a private key; expected a folder without it: keep it with whoever signs`);
}

/** The text of a release that nobody has signed: a model says itself what it is called. */
function unsignedText(files: UploadedFiles): string {
  const manifest = textOf(files, MANIFEST_FILE);
  if (manifest === null)
    throw refused(
      `${RELEASE_FILE}: is missing, and so is ${MANIFEST_FILE}; \`gateway models sign\` makes it`,
    );
  const { name, version } = readManifest(manifest);
  return releaseText('model', name, version, files);
}

/** What is to be signed: the files in the order of their names. */
export function releaseText(kind: ReleaseKind, name: string, version: string, files: UploadedFiles): string {
  const named = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const release: Release = {
    v: WIRE_VERSION,
    kind,
    name,
    version,
    files: named.map(([file, bytes]) => ({ name: file, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  return `${JSON.stringify(release, null, 1)}\n`;
}

function isFileName(name: string): boolean {
  return Value.Check(ReleaseFileName, name);
}

function read(text: string): Release {
  try {
    return parseRelease(text);
  } catch (error) {
    if (error instanceof ReleaseError) throw refused(error.message);
    throw error;
  }
}

function mustBeAsSaid({ files: said }: Release, files: UploadedFiles): void {
  for (const { name, bytes, sha256: hash } of said) {
    const given = files.get(name);
    if (given === undefined) throw refused(`${name}: is missing`);
    if (given.length !== bytes)
      throw refused(`${name}: has ${given.length} bytes, ${RELEASE_FILE} says ${bytes}`);
    if (sha256(given) !== hash) throw refused(`${name}: has another SHA-256 than ${RELEASE_FILE} says`);
  }
  for (const name of files.keys())
    if (!said.some((file) => file.name === name)) throw refused(`${name}: is not named in ${RELEASE_FILE}`);
}

function signatureIn(uploaded: UploadedFiles, text: string, { keys, allowUnsigned }: ReleaseRules) {
  const raw = uploaded.get(SIGNATURE_FILE);
  if (raw === undefined) {
    if (allowUnsigned) return null;
    throw new Refusal(
      'release_unsigned',
      `${SIGNATURE_FILE}: is missing, and fleet.allowUnsigned is not set`,
    );
  }
  const signature = signatureOf(text, raw, keys);
  if (signature !== null) return signature;
  const why =
    keys.length === 0 ? 'no key is trusted here (fleet.keyFiles)' : 'no key of fleet.keyFiles has made it';
  throw new Refusal('release_unsigned', `${SIGNATURE_FILE}: ${why}`);
}

function mustBeModel(release: Release, files: UploadedFiles): void {
  const text = textOf(files, MANIFEST_FILE);
  if (text === null) throw refused(`${MANIFEST_FILE}: is missing`);
  const manifest = readManifest(text);
  if (manifest.name !== release.name || manifest.version !== release.version)
    throw refused(
      `${MANIFEST_FILE}: is of ${manifest.name} ${manifest.version}, not of ${release.name} ${release.version}`,
    );
  const model = files.get(manifest.file);
  if (model === undefined) throw refused(`${manifest.file}: is missing, and ${MANIFEST_FILE} names it`);
  if (sha256(model) !== manifest.sha256)
    throw refused(`${manifest.file}: has another SHA-256 than ${MANIFEST_FILE} says`);
}

function readManifest(text: string) {
  try {
    return parseManifest(text, MANIFEST_FILE);
  } catch (error) {
    if (error instanceof ModelError) throw refused(error.message);
    throw error;
  }
}

function textOf(files: UploadedFiles, name: string): string | null {
  const bytes = files.get(name);
  if (bytes === undefined) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused(`${name}: is not UTF-8`);
  }
}

function refused(detail: string): Refusal {
  return new Refusal('release_refused', detail);
}
