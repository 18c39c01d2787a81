/**
 * Logging in with a password kept here, and whatever else asks for one: limits on guessing, then the queue for hashes, then the
 * second factor. A name that exists, one that does not and one that is disabled take the same way and the same time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@roadwatch/common';
import type { Selectable } from 'kysely';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { type Actor, authorOf } from './actor.ts';
import { FailedLogins } from './failed-logins.ts';
import { GuessLimit, type Try } from './guess-limit.ts';
import { HashQueue } from './hash-queue.ts';
import { findBrowser, rememberBrowser } from './known-browsers.ts';
import { hashPassword, NO_PASSWORD, passwordMatches } from './password.ts';
import { checkCode } from './second-factor.ts';
import { type User, userOf } from './users.ts';

type UserRow = Selectable<Tables['users']>;

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Of the second factor. */
  readonly code?: string;
}

/** Where a try comes from: `address` as `addressBucket` has it, `browser` what the browser is known by. */
export interface Origin {
  readonly address: string;
  readonly browser?: string | undefined;
  /** The address itself, for the audit. */
  readonly source?: string;
}

interface Attempt extends Try {
  readonly by: Actor;
}

export type LoginResult =
  /** `browser`: what a browser that was not known is to be known by from now on. */
  | { readonly ok: true; readonly user: User; readonly browser: string | null }
  | { readonly ok: false; readonly reason: 'login_wrong' | 'code_needed' | 'code_wrong' };

export class Logins {
  readonly #store: Store;
  readonly #limit = new GuessLimit();
  readonly #hashes = new HashQueue();
  readonly #failed: FailedLogins;
  readonly #stopping = new AbortController();

  constructor(store: Store, log: Log) {
    this.#store = store;
    this.#failed = new FailedLogins(store, log);
  }

  /** Throws Refusal: too_many for a wrong password over the limit, unavailable when too many sign in at this moment. */
  async login({ username, password, code }: Credentials, origin: Origin): Promise<LoginResult> {
    const row = await this.#store.db
      .selectFrom('users')
      .selectAll()
      .where('username', '=', username)
      .executeTakeFirst();
    const known = await findBrowser(this.#store, origin.browser, row?.id);
    const browser = known !== null && this.#limit.trusts(known, this.#store.steady()) ? known : null;
    const by = personOf(row?.username ?? null, origin);
    const attempt = { address: origin.address, name: username, browser, by };
    return this.#guarded(attempt, row, password, async (user) => {
      const needed = await this.#hasSecondFactor(user.id);
      if (needed && code === undefined) return { ok: false, reason: 'code_needed' };
      const result = await this.#store.transaction(async (tx) => {
        const checked = code === undefined || !needed ? 'right' : await checkCode(tx, user.id, code);
        if (checked !== 'right') return checked;
        const fresh = await rememberBrowser(tx, user.id, known);
        tx.audit({ ...authorOf(by), action: 'login', subject: by.name });
        return { user: userOf(user), browser: fresh };
      });
      if (result === 'wrong') return { ok: false, reason: 'code_wrong' };
      if (typeof result === 'object' && 'blockedForMs' in result)
        throw new Refusal('codes_many', 'too many wrong codes', Math.ceil(result.blockedForMs / 1000));
      return { ok: true, ...(result as { user: User; browser: string | null }) };
    });
  }

  /** Whether it is the person's own password, asked for before something that a borrowed session must not do. Throws Refusal. */
  async checkOwn({ id, username }: User, password: string, origin: Origin): Promise<void> {
    const row = await this.#store.db
      .selectFrom('users')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const session = `session ${id}`;
    const trusted = this.#limit.trusts(session, this.#store.steady());
    const by = personOf(username, origin);
    const attempt = { address: origin.address, name: username, browser: trusted ? session : null, by };
    const result = await this.#guarded(attempt, row, password, async (user) => ({
      ok: true,
      user: userOf(user),
      browser: null,
    }));
    if (!result.ok) throw new Refusal('password_not_present', 'password: is not the present one');
  }

  /** In its turn, as all hashes. */
  hash(password: string): Promise<string> {
    return this.#hashes.run(() => hashPassword(password), true);
  }

  /** Sends away who waits, and writes down who failed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#failed.stop();
  }

  async #guarded(
    attempt: Attempt,
    row: UserRow | undefined,
    password: string,
    whenRight: (row: UserRow) => Promise<LoginResult>,
  ): Promise<LoginResult> {
    const over = await this.#admit(attempt);
    let counted = false;
    try {
      const hash = row?.password_hash ?? NO_PASSWORD;
      const matches = await this.#hashes.run(() => passwordMatches(password, hash), attempt.browser !== null);
      if (row !== undefined && row.disabled_at === null && matches) {
        const result = await whenRight(row);
        if (result.ok || result.reason === 'code_needed') return result;
        counted = this.#wrong(attempt, over);
        return result;
      }
      counted = this.#wrong(attempt, over);
      return { ok: false, reason: 'login_wrong' };
    } catch (error) {
      counted ||= error instanceof Refusal && error.status === 429;
      throw error;
    } finally {
      if (!counted) this.#limit.notWrong(attempt);
    }
  }

  /** Resolves when the password may be checked, with how long the address is over its limit. Throws Refusal. */
  async #admit(attempt: Try): Promise<number> {
    const admission = this.#limit.admit(attempt, this.#store.steady());
    if (!admission.ok) throw tooMany(admission.retryAfterMs);
    if (admission.waitMs > 0)
      await delay(admission.waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {
        this.#limit.notWrong(attempt);
        throw new Refusal('stopping', 'the gateway is stopping');
      });
    return admission.over;
  }

  /** Counts it. Throws Refusal when its address is over the limit. */
  #wrong(attempt: Attempt, over: number): true {
    this.#limit.wrong(attempt, this.#store.steady());
    this.#failed.add(attempt.by);
    if (over > 0) throw tooMany(over);
    return true;
  }

  async #hasSecondFactor(userId: string): Promise<boolean> {
    const row = await this.#store.db
      .selectFrom('second_factors')
      .select('user_id')
      .where('user_id', '=', userId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst();
    return row !== undefined;
  }
}

/** `username`: null when nobody has that name. */
function personOf(username: string | null, { source }: Origin): Actor {
  return { name: `user:${username ?? '?'}`, channel: 'console', ...(source === undefined ? {} : { source }) };
}

function tooMany(afterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(afterMs / 1000));
  return new Refusal(
    'passwords_many',
    `too many wrong passwords from here; try again in ${seconds} s`,
    seconds,
  );
}
