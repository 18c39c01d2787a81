/**
 * Addresses and texts as people may see them: in logs, states, reasons, metrics, tickets. What cannot be told from a secret is
 * left out; the host and the plain part of a path stay, since by them a fault is found.
 */
const HIDDEN = '…';
/** Names whose values open something, wherever a camera or a server wants them: in a query, or in the path. */
const NAMES = 'user|usr|login|pass|pwd|psw|auth|token|key|secret|sig|sess|sid|ticket|cred|hash|pin|code';
const NAMED_SEGMENT = new RegExp(`(?:${NAMES})[a-z0-9_-]*[=:]`, 'i');
const NAMED_VALUE = new RegExp(`\\b([a-z0-9_-]*(?:${NAMES})[a-z0-9_-]*=)[^\\s&;,'"<>]+`, 'gi');
const AUTHORIZATION = /\b(Basic|Bearer|Digest)\s+[^\s,;'"]{4,}[^\r\n]*/g;
const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is;
const AUTHORITY = /^[^/?#]*/;
/** A name or an address, in brackets for IPv6 (RFC 3986 3.2.2), and a port that is a number. */
const PLAIN_HOST = /^(?:\[[0-9a-f:.]*\]|[\p{L}\p{N}._~-]*)(?::\d*)?$/iu;
const UUID = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/i;

/**
 * An address without user info, query, fragment and what looks like a key in its path. An address that cannot be read, such as one
 * whose password holds a `/`, loses everything up to its last `@`.
 */
export function showUrl(address: string): string {
  const [, scheme, rest] = SCHEME.exec(address) ?? [];
  if (scheme === undefined || rest === undefined) return HIDDEN;
  const behindLogin = rest.slice(rest.lastIndexOf('@') + 1);
  const authority = AUTHORITY.exec(behindLogin)?.[0] ?? '';
  if (!PLAIN_HOST.test(authority)) return `${scheme}${HIDDEN}`;
  const [path = ''] = behindLogin.slice(authority.length).split(/[?#]/);
  const more = authority.length + path.length < behindLogin.length;
  return `${scheme}${authority}${showPath(path)}${more ? `?${HIDDEN}` : ''}`;
}

/**
 * A text of another program, such as a line of ffmpeg's log or another server's answer, with its addresses as `showUrl` shows
 * them. `known`: texts that must not appear, in whatever spelling.
 */
export function redactText(text: string, known: Iterable<{ reveal(): string }> = []): string {
  const spellings = [...known].flatMap((secret) => spellingsOf(secret.reveal()));
  // The longest first: of one that has another in it, the rest would stay.
  return (
    spellings
      .sort((a, b) => b.length - a.length)
      .reduce((rest, spelling) => rest.replaceAll(spelling, HIDDEN), text)
      // Schemes are short; without a bound a long word would be looked through from each of its letters on.
      .replace(/([a-z][a-z0-9+.-]{0,31}:\/\/)\S*@/gi, '$1')
      .replace(/[a-z][a-z0-9+.-]{0,31}:\/\/[^\s'"<>]+?(?=[:;,.)\]]*(?:[\s'"<>]|$))/gi, showUrl)
      .replace(AUTHORIZATION, `$1 ${HIDDEN}`)
      .replace(NAMED_VALUE, `$1${HIDDEN}`)
  );
}

/** From a part that names a secret on, all is left out: a password may hold a slash. */
function showPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    const named = NAMED_SEGMENT.test(segment) || segment.includes(':');
    segments.push(named || isKey(segment) ? HIDDEN : segment);
    if (named) break;
  }
  return segments.join('/');
}

/** Whether a part of a path looks like something a machine made up: `kPq3dIgkAAAA9zQe`, but not `h264Preview_01_main`. */
function isKey(segment: string): boolean {
  if (UUID.test(segment)) return true;
  return segment.split(/[._~-]/).some((word) => {
    if (word.length >= 20 || (word.length >= 12 && /[0-9]/.test(word) && /[a-z]/i.test(word))) return true;
    return word.length >= 16 && (word.match(/[a-z][A-Z]/g)?.length ?? 0) >= 4;
  });
}

/** Short ones stand in every text by chance. */
const MIN_KNOWN = 4;

function spellingsOf(secret: string): readonly string[] {
  if (secret.length < MIN_KNOWN) return [];
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
}
