/** What identity providers say of a person, in the forms in which they say it. */
import { sha256 } from '@roadwatch/contract';

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._+#@-]*$/u;
const LONGEST = 63;
/** Of the hash of issuer and `sub`: enough that no two people of a city share it. */
const TAG_DIGITS = 10;

/**
 * A claim by its name, which may have dots (`https://city.example/roles`), or else by its way through objects, as Keycloak nests
 * them (`realm_access.roles`).
 */
export function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== 'object' || claims === null) return undefined;
  if (Object.hasOwn(claims, path)) return (claims as Readonly<Record<string, unknown>>)[path];
  // The longest name first: `https://city.example/access.roles` is `roles` in `https://city.example/access`.
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(claims, head)) continue;
    const inner = claimAt((claims as Readonly<Record<string, unknown>>)[head], path.slice(dot + 1));
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The texts of a list, of one text (whole, and its parts between spaces or commas), or the names in an object. */
export function textsOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter((entry) => typeof entry === 'string');
  if (typeof claim === 'string') return [claim, ...claim.split(/[\s,;]+/).filter((part) => part !== '')];
  return typeof claim === 'object' && claim !== null ? Object.keys(claim) : [];
}

/**
 * What somebody may be called, best first: of an e-mail address what is before the @, the whole of it, and the former with a tag
 * that follows from `subject` (issuer and `sub`), which nobody else can have. Null when the claim is no name.
 */
export function usernamesOf(claim: unknown, subject: string): readonly [string, ...string[]] | null {
  if (typeof claim !== 'string') return null;
  const whole = claim.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, '.');
  const short = whole.split('@')[0] as string;
  if (!USERNAME.test(short)) return null;
  const tag = sha256(subject).slice(0, TAG_DIGITS);
  const tagged = `${[...short].slice(0, LONGEST - TAG_DIGITS - 1).join('')}-${tag}`;
  const plain = [short, whole].filter((name) => USERNAME.test(name) && name.length <= LONGEST);
  return [...plain, tagged] as unknown as readonly [string, ...string[]];
}
