/**
 * Limits on guessing passwords that slow the guesser and lock nobody out. Wrong passwords count against the address that they come
 * from and against the name that they are for; over a limit the tries of that address wait in a line and are then checked all the
 * same, so a right password gets in. Nothing here depends on whether there is such a name. Each gateway counts for itself.
 */
import { isIPv6 } from 'node:net';

const MINUTE_MS = 60_000;
const OF_ADDRESS = { failures: 20, windowMs: MINUTE_MS };
const OF_NAME = { failures: 5, windowMs: 15 * MINUTE_MS };
const OF_BROWSER = { failures: 10, windowMs: 15 * MINUTE_MS };
/** Between two tries that are slowed. */
const GAP_MS = 1_000;
/** Whoever would have to wait for longer is sent away. */
const MAX_WAIT_MS = 10_000;
/** Keys of each kind that are remembered; those unused for longest are forgotten first. */
const MAX_KEYS = 10_000;

export interface Try {
  /** As `addressBucket` has it. */
  readonly address: string;
  readonly name: string;
  /** A browser in which this person has signed in before, by what it holds; null: a stranger's. */
  readonly browser: string | null;
}

export type Admission =
  /** `over`: for how long its address is over the limit, in milliseconds; 0 when it is not. */
  | { readonly ok: true; readonly waitMs: number; readonly over: number }
  | { readonly ok: false; readonly retryAfterMs: number };

export class GuessLimit {
  readonly #addresses = new Counts(OF_ADDRESS);
  readonly #names = new Counts(OF_NAME);
  readonly #browsers = new Counts(OF_BROWSER);
  /** When the next try of a line may be checked. */
  readonly #lines = new Map<string, number>();

  /** Whether a browser that is known may still pass by the limits: somebody may sit at it who is not. */
  trusts(browser: string, now: number): boolean {
    return this.#browsers.overFor(browser, now) === 0;
  }

  /** Takes a place before the password is checked; end it with `notWrong` or `wrong`. */
  admit({ address, name, browser }: Try, now: number): Admission {
    if (browser !== null) return { ok: true, waitMs: 0, over: 0 };
    const waits: number[] = [];
    const over = this.#addresses.overFor(address, now);
    if (over > 0) waits.push(this.#waitIn(address, now));
    if (this.#names.overFor(name, now) > 0) waits.push(this.#waitIn(`${address} ${name}`, now));
    const waitMs = Math.max(0, ...waits);
    if (waitMs > MAX_WAIT_MS) return { ok: false, retryAfterMs: waitMs };
    this.#addresses.add(address, now);
    return { ok: true, waitMs, over };
  }

  /** A right password is no guess, nor is one that was not checked. */
  notWrong({ address, browser }: Try): void {
    if (browser === null) this.#addresses.takeBack(address);
  }

  wrong({ name, browser }: Try, now: number): void {
    if (browser === null) this.#names.add(name, now);
    else this.#browsers.add(browser, now);
  }

  #waitIn(line: string, now: number): number {
    const at = Math.max(now, this.#lines.get(line) ?? 0) + GAP_MS;
    // A try that is sent away must not make the line longer.
    if (at - now <= MAX_WAIT_MS) remember(this.#lines, line, at);
    return at - now;
  }
}

/** Who has whole networks of IPv6 addresses counts as one: a /64 is what one connection is given (RFC 6177). */
export function addressBucket(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped !== null) return mapped[1] as string;
  const plain = ip.split('%')[0] as string;
  if (!isIPv6(plain)) return ip;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array<string>(missing).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

class Counts {
  readonly #limit: { readonly failures: number; readonly windowMs: number };
  readonly #entries = new Map<string, { count: number; readonly until: number }>();

  constructor(limit: { readonly failures: number; readonly windowMs: number }) {
    this.#limit = limit;
  }

  add(key: string, now: number): void {
    const { count, until } = this.#at(key, now) ?? { count: 0, until: now + this.#limit.windowMs };
    remember(this.#entries, key, { count: count + 1, until });
  }

  takeBack(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.count = Math.max(0, entry.count - 1);
  }

  /** Milliseconds until the count begins anew, when one more would be too many; else 0. */
  overFor(key: string, now: number): number {
    const entry = this.#at(key, now);
    return entry !== undefined && entry.count >= this.#limit.failures ? entry.until - now : 0;
  }

  #at(key: string, now: number) {
    const entry = this.#entries.get(key);
    return entry === undefined || entry.until <= now ? undefined : entry;
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_KEYS) map.delete(map.keys().next().value as string);
}
