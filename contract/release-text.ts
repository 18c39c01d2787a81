/** The text of a release, read and signed. */
import { type KeyObject, sign, verify } from 'node:crypto';
import { Value } from 'typebox/value';
import { describeErrors } from './parse.ts';
import { MAX_RELEASE_TEXT, RELEASE_FILE, Release, type ReleaseSignature, SIGNATURE_FILE } from './release.ts';
import { keyIdOf } from './signature.ts';

/** A release that cannot be used; the message names the field and what was expected. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** Throws ReleaseError. */
export function parseRelease(text: string): Release {
  if (Buffer.byteLength(text) > MAX_RELEASE_TEXT)
    throw new ReleaseError(`${RELEASE_FILE}: is larger than ${MAX_RELEASE_TEXT} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ReleaseError(`${RELEASE_FILE}: not valid JSON: ${(error as Error).message}`);
  }
  if (!Value.Check(Release, value))
    throw new ReleaseError(`${RELEASE_FILE}: ${describeErrors(Release, value)}`);
  const release = value as Release;
  const names = release.files.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at || isOurs(name));
  if (twice !== undefined)
    throw new ReleaseError(
      `${RELEASE_FILE}: files: ${twice} is named twice, or belongs to the release itself`,
    );
  return release;
}

function isOurs(name: string): boolean {
  return name === RELEASE_FILE || name === SIGNATURE_FILE;
}

/** Throws ReleaseError when the key is of another kind. */
export function signRelease(text: string, privateKey: KeyObject, publicKey: KeyObject): ReleaseSignature {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new ReleaseError(`the key is ${privateKey.asymmetricKeyType}; expected Ed25519`);
  const value = sign(null, Buffer.from(text, 'utf8'), privateKey);
  return { key: keyIdOf(publicKey), value: value.toString('base64url') };
}

/** Why nobody who is trusted has signed the text; null when somebody has. */
export function signatureProblem(
  text: string,
  signature: ReleaseSignature | null,
  trusted: readonly KeyObject[],
): string | null {
  if (signature === null) return 'is not signed';
  const key = trusted.find((one) => keyIdOf(one) === signature.key);
  if (key === undefined)
    return `is signed with the key ${signature.key.slice(0, 16)}…, which is not trusted here`;
  const good = verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature.value, 'base64url'));
  return good ? null : `has a signature that is not that of the key ${signature.key.slice(0, 16)}…`;
}

/** The signature as a tool of another make left it: 64 bytes that name no key. Null when no trusted key made it. */
export function signatureOf(
  text: string,
  raw: Uint8Array,
  trusted: readonly KeyObject[],
): ReleaseSignature | null {
  const key = trusted.find((one) => raw.length === 64 && verify(null, Buffer.from(text, 'utf8'), one, raw));
  return key === undefined ? null : { key: keyIdOf(key), value: Buffer.from(raw).toString('base64url') };
}
