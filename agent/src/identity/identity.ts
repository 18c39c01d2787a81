/**
 * Who this box is, as its pairing left it: a private key that never leaves the box, its certificate, and what it knows of its gateway.
 * `box.pem` holds key and certificate; `pairing.json` the rest. Both are readable by the agent's user only.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf, PairAnswer } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const PairingFile = Type.Object({
  site: Type.String(),
  agent: Type.String(),
  key: Type.String(),
  gatewayUrl: Type.String(),
  ...Type.Omit(PairAnswer, ['certificate']).properties,
});
export type PairingFile = Static<typeof PairingFile>;

export interface Identity extends PairingFile {
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly privateKeyPem: string;
  readonly certificate: string;
}

const folderOf = (dataDir: string): string => join(dataDir, 'identity');
const boxFile = (dataDir: string): string => join(folderOf(dataDir), 'box.pem');
const pairingFile = (dataDir: string): string => join(folderOf(dataDir), 'pairing.json');
const newKeyFile = (dataDir: string): string => join(folderOf(dataDir), 'new-key.pem');
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*/;
const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\s*/;

/** Null: the box has not been paired. Throws one sentence when what is there cannot be used. */
export function readIdentity(dataDir: string): Identity | null {
  const box = readIfThere(boxFile(dataDir));
  const text = readIfThere(pairingFile(dataDir));
  if (box === null || text === null) return null;
  const [privateKeyPem = ''] = PRIVATE_KEY.exec(box) ?? [];
  const [certificate = ''] = CERTIFICATE.exec(box) ?? [];
  try {
    const pairing: unknown = JSON.parse(text);
    const privateKey = createPrivateKey(privateKeyPem);
    if (
      Value.Check(PairingFile, pairing) &&
      new X509Certificate(certificate).checkPrivateKey(privateKey) &&
      keyIdOf(createPublicKey(privateKeyPem)) === pairing.key
    )
      return { ...pairing, privateKey, privateKeyPem, certificate };
  } catch {
    // Told below, in words.
  }
  throw new Error(`${folderOf(dataDir)}: is damaged or half written; pair the box again`);
}

/** The key for a pairing under way: one that was made before and had no answer is used again. */
export function keyForPairing(dataDir: string, make: () => string): string {
  const present = readIfThere(newKeyFile(dataDir));
  if (present !== null) return present;
  const pem = make();
  writePrivate(newKeyFile(dataDir), pem);
  return pem;
}

export function savePairing(dataDir: string, pairing: PairingFile, key: string, certificate: string): void {
  writePrivate(pairingFile(dataDir), `${JSON.stringify(pairing, null, 2)}\n`);
  writePrivate(boxFile(dataDir), key + certificate);
  rmSync(newKeyFile(dataDir), { force: true });
}

export function saveCertificate(dataDir: string, { privateKeyPem }: Identity, certificate: string): void {
  writePrivate(boxFile(dataDir), privateKeyPem + certificate);
}

/** What is in it afterwards is the old text or the new one, also when power fails meanwhile. */
function writePrivate(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const temporary = `${path}.part`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, path);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
