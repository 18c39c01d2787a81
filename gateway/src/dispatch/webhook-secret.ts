/**
 * The secret that we share with a unit's system, in the forms that the official Standard Webhooks libraries take: `whsec_` and
 * base64 (specification, "Signing secret"), base64 alone, or a text whose UTF-8 bytes are the key, which is their `raw` form.
 * Whatever may be read as base64 is, as the libraries do.
 */
const PREFIX = 'whsec_';
/** Without the prefix; as base64 these are 18 bytes. The specification recommends 24 to 64. */
const MIN_CHARACTERS = 24;
/** RFC 4648 4, with or without its padding. */
const BASE64 = /^([A-Za-z0-9+/]+)={0,2}$/;
const ADVICE = `such as ${PREFIX} and what "openssl rand -base64 32" prints`;

/** The bytes that sign. Throws one sentence, without the secret, for a text that is none of these. */
export function webhookKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (encoded.length < MIN_CHARACTERS)
    throw new Error(`is too short; expected at least ${MIN_CHARACTERS} characters, ${ADVICE}`);
  const digits = BASE64.exec(encoded)?.[1];
  // One digit beyond whole groups of four holds no byte (RFC 4648 4): something was lost, and the libraries differ on it.
  if (digits !== undefined ? digits.length % 4 === 1 : secret.startsWith(PREFIX))
    throw new Error(`is not valid base64; expected ${PREFIX} and base64, ${ADVICE}`);
  return Buffer.from(encoded, digits === undefined ? 'utf8' : 'base64');
}
