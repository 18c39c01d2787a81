/**
 * A message signed by the box that made it: ECDSA on P-256 with SHA-256 (as JWS's ES256, RFC 7518 3.4), over the message without
 * its `signature` in the canonical form of RFC 8785. Since a detection names its pictures by SHA-256, they are signed with it.
 */
import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Static, Type } from 'typebox';
import { Sha256 } from './ids.ts';

export const Signature = Type.Object(
  {
    key: Type.String({
      ...Sha256,
      description: 'SHA-256 of the public key (SubjectPublicKeyInfo, DER), hex',
    }),
    value: Type.String({
      pattern: '^[A-Za-z0-9_-]{86}$',
      description: 'ECDSA P-256 with SHA-256, r and s of 32 bytes each, base64url (RFC 7518, 3.4)',
    }),
  },
  { description: 'over the message without this field, in the canonical form of RFC 8785' },
);
export type Signature = Static<typeof Signature>;

/** Names a public key, as `signature.key` does. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Throws when the message has no canonical form, as when it holds half a surrogate pair or is nested without end. */
function signedBytes(message: object): Buffer {
  const { signature: _, ...rest } = message as { signature?: unknown };
  return Buffer.from(canonicalize(rest) as string, 'utf8');
}

export function signMessage<Message extends object>(
  message: Message,
  privateKey: KeyObject,
  key: string,
): Message & { readonly signature: Signature } {
  const value = sign('sha256', signedBytes(message), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { ...message, signature: { key, value: value.toString('base64url') } };
}

/** Whether the message is what was signed with the key; the caller has found the key by `signature.key`. */
export function isSignedBy(message: object, { value }: Signature, publicKey: KeyObject): boolean {
  try {
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    return verify('sha256', signedBytes(message), key, Buffer.from(value, 'base64url'));
  } catch {
    return false;
  }
}
