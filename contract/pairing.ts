/**
 * How a box becomes known to its gateway. A code, made by the gateway and carried by a person, holds a secret that both then have:
 * what they say to each other is sealed with it, so that it does not matter who carries it, and is believed by nobody else. The
 * box's private key is made on the box and is in none of this.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Sha256, Slug } from './ids.ts';

const HttpUrl = Type.String({ pattern: '^https?://[^\\s@?#]+$', maxLength: 2048 });
const Pem = Type.String({ pattern: '^-----BEGIN [A-Z ]+-----\\s', maxLength: 32 * 1024 });

export const PairingCode = Type.Object({
  gateway: HttpUrl,
  site: Slug,
  agent: Slug,
  secret: Type.String({ pattern: '^[A-Za-z0-9_-]{32,64}$' }),
  /** SHA-256 of the gateway's authority certificate (DER). */
  authority: Sha256,
});
export type PairingCode = Static<typeof PairingCode>;

/** A PKCS #10 request (RFC 2986) for the box's own key. */
export const PairRequest = Type.Object({ request: Pem });
export const PairAnswer = Type.Object({
  certificate: Pem,
  /** Of the authority that issued it. */
  authority: Pem,
  /** Where the box finds its broker, if the gateway knows. */
  brokerUrl: Type.Optional(Type.String({ pattern: '^(mqtts?|wss?)://[^\\s]+$', maxLength: 2048 })),
  /** Who vouches for the broker; left out: a public authority. */
  brokerAuthority: Type.Optional(Pem),
  /** Where the broker takes no certificates. */
  password: Type.Optional(Type.String({ minLength: 16, maxLength: 200 })),
});
export type PairAnswer = Static<typeof PairAnswer>;

const CODE_START = 'roadwatch1.';
const CIPHER = 'aes-256-gcm';
const [IV_BYTES, TAG_BYTES] = [12, 16];

export function writePairingCode(code: PairingCode): string {
  const { gateway, site, agent, secret, authority } = code;
  const fields = [gateway, `${site}/${agent}`, secret, authority];
  return CODE_START + Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** Null for anything that is not a code. */
export function readPairingCode(text: string): PairingCode | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith(CODE_START)) return null;
  try {
    const fields: unknown = JSON.parse(
      Buffer.from(trimmed.slice(CODE_START.length), 'base64url').toString('utf8'),
    );
    if (!Array.isArray(fields)) return null;
    const [gateway, name, secret, authority] = fields;
    const [site, agent, ...rest] = String(name).split('/');
    const code = { gateway, site, agent, secret, authority };
    return rest.length === 0 && Value.Check(PairingCode, code) ? code : null;
  } catch {
    return null;
  }
}

/** Each direction has a key of its own, so that what one side said is no answer to it. */
export type Direction = 'request' | 'answer';

export function seal(value: object, secret: string, direction: Direction): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyFor(secret, direction), iv);
  const sealed = [iv, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

/** Null when it was not sealed with this secret for this direction, was altered, or is not of the schema. */
export function unseal<Schema extends TSchema>(
  schema: Schema,
  text: string,
  secret: string,
  direction: Direction,
): Static<Schema> | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;
  try {
    const key = keyFor(secret, direction);
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    const value: unknown = JSON.parse(plain.toString('utf8'));
    return Value.Check(schema, value) ? (value as Static<Schema>) : null;
  } catch {
    return null;
  }
}

function keyFor(secret: string, direction: Direction): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `roadwatch pairing ${direction}`, 32));
}
