/** Public keys of those who sign releases, each in a file of its own (PEM, SubjectPublicKeyInfo). */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { ReadFile } from './secret-source.ts';

/** The key in the file, as a list that is empty, with a problem noted, when there is none that can be used. */
export function ed25519KeyOf(field: string, path: string, read: ReadFile, problems: string[]): KeyObject[] {
  const text = read(field, path);
  if (text === undefined || text === '') return [];
  if (text.includes('PRIVATE KEY')) {
    problems.push(
      `${field}: ${path} holds a private key; expected the public one, as \`models keygen\` prints it`,
    );
    return [];
  }
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === 'ed25519') return [key];
    problems.push(`${field}: ${path} holds a key of the kind ${key.asymmetricKeyType}; expected Ed25519`);
  } catch {
    problems.push(`${field}: ${path} holds no public key (PEM) that can be read; expected one of Ed25519`);
  }
  return [];
}
