/**
 * The secret that we share with a unit's system, in the forms that the official Standard Webhooks libraries take: `whsec_` and
 * base64 (specification, "Signing secret"), or base64 alone. Any other text is refused: some of the libraries would refuse it, too,
 * and others make a key of what is left of it.
 */
const PREFIX = 'whsec_';
/** Without the prefix: 18 bytes. The specification recommends 24 to 64. */
const MIN_CHARACTERS = 24;
/** RFC 4648 4, with or without its padding. */
const BASE64 = /^([A-Za-z0-9+/]+)={0,2}$/;

/** The bytes that sign. Throws one sentence, without the secret, for a text that is neither. */
export function webhookKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (encoded.length < MIN_CHARACTERS)
    throw new Error(
      `is too short; expected at least ${MIN_CHARACTERS} characters, such as ${PREFIX} and what "openssl rand -base64 32" prints`,
    );
  const digits = BASE64.exec(encoded)?.[1] ?? '';
  // One digit beyond whole groups of four holds no byte (RFC 4648 4): something was lost, and the libraries differ on it.
  if (digits.length === 0 || digits.length % 4 === 1)
    throw new Error(
      `is not base64; expected ${PREFIX} and base64. A text that is itself the key of the unit's system is written as ${PREFIX} and what "printf %s TEXT | base64 -w0" prints`,
    );
  return Buffer.from(encoded, 'base64');
}
