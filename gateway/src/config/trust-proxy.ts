/**
 * Whose word is taken for a caller's address (X-Forwarded-For). Never everybody's: the header is written by whoever asks, and with
 * it limits on guessing and the addresses in the log would be whatever a guesser likes.
 */
import { isIP } from 'node:net';
import { Type } from 'typebox';

/** Networks that have a name in Fastify. */
const NAMED = ['loopback', 'linklocal', 'uniquelocal'];
/** Of IPv4 and IPv6; the largest private networks are 10.0.0.0/8 and fc00::/7. */
const WIDEST = { 4: 8, 6: 7 } as const;

export const TrustProxy = Type.Union(
  [
    Type.Literal(false),
    Type.Integer({ minimum: 1, maximum: 10 }),
    Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 100 }),
  ],
  {
    default: false,
    description:
      'false, the number of proxies in front (1 behind one nginx or Caddy) or a list of their addresses, such as [127.0.0.1, 10.1.0.0/24]; never true, with which anybody could claim any address',
  },
);

/** One sentence for each entry that is no proxy's address. */
export function trustProxyProblems(trusted: false | number | readonly string[]): string[] {
  if (typeof trusted !== 'object') return [];
  return trusted.flatMap((entry, index) => {
    const at = `http.trustProxy[${index}]: ${JSON.stringify(entry)} is not allowed; expected`;
    if (NAMED.includes(entry)) return [];
    const [address = '', prefix, ...rest] = entry.split('/');
    const family = isIP(address) as 0 | 4 | 6;
    if (family === 0 || rest.length > 0)
      return [
        `${at} an address or network of a proxy, such as 127.0.0.1 or 10.1.0.0/24, or ${NAMED.join(', ')}`,
      ];
    if (prefix === undefined) return [];
    const bits = Number(prefix);
    if (!/^\d{1,3}$/.test(prefix) || bits > (family === 4 ? 32 : 128))
      return [`${at} a network such as 10.1.0.0/24`];
    return bits < WIDEST[family]
      ? [`${at} the network of the proxies, at least /${WIDEST[family]}: it would trust whoever asks`]
      : [];
  });
}
