/** Who is signed in, and what they can change of their own access. */
import type { FactorBegun, FactorOn, Me, OwnAccount, Renewed, User, Ways } from '@roadwatch/contract/api';
import type { Connection } from './connection.ts';
import { Problem } from './problem.ts';

/** Whether it is worth asking who is signed in; the session itself is in a cookie that no script can read. */
const SIGNED_IN = 'roadwatch.signed-in';

/** Of a person; programs have less. */
type SignedIn = Required<Me>;

export class Session {
  account: OwnAccount = { password: false, secondFactor: false, mustSetUp: false };
  /** The city's, as an IANA name, once somebody is signed in. */
  timeZone = 'UTC';
  /** Called when the session is over. */
  onSignedOut: () => void = () => {};
  /** Called when another tab has signed in as somebody else. */
  onOther: (user: User) => void = () => {};
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.onUnauthorized = () => this.#signedOut();
  }

  ways(): Promise<Ways> {
    return this.#connection.send('GET', '/api/session/ways');
  }

  /** `code`: of the second factor. Throws Problem with the code `cookie_lost` when the browser keeps no session. */
  async signIn(username: string, password: string, code?: string): Promise<User> {
    const more = code === undefined ? {} : { code };
    await this.#connection.send('POST', '/api/session', { username, password, ...more });
    this.signedInElsewhere();
    const user = await this.me();
    if (user === null) throw new Problem(0, 'the browser has not kept the cookie', 'cookie_lost');
    return user;
  }

  /** The browser comes back from the identity provider with a session. */
  signedInElsewhere(): void {
    localStorage.setItem(SIGNED_IN, 'yes');
  }

  /** Null when nobody is signed in. */
  async me(): Promise<User | null> {
    if (localStorage.getItem(SIGNED_IN) === null) return null;
    try {
      const me = await this.#connection.send<SignedIn>('GET', '/api/me');
      this.account = me.account;
      this.timeZone = me.timeZone;
      this.#connection.csrfToken = me.csrfToken;
      return me.user;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  /** The session that this tab knows is no longer the browser's: takes up the one that is. Throws nothing. */
  async renew(): Promise<void> {
    const user = await this.me().catch(() => undefined);
    if (user === null) this.#signedOut();
    else if (user !== undefined) this.onOther(user);
  }

  async signOut(): Promise<void> {
    await this.#connection.send('DELETE', '/api/session');
    this.#signedOut();
  }

  /** All other sessions end. */
  async changePassword(old: string, fresh: string): Promise<void> {
    this.#renew(await this.#connection.send('POST', '/api/me/password', { old, new: fresh }));
  }

  beginSecondFactor(password: string): Promise<FactorBegun> {
    return this.#connection.send('POST', '/api/me/second-factor', { password });
  }

  /** Resolves with the recovery codes, which the gateway shows this once. All other sessions end. */
  async confirmSecondFactor(code: string): Promise<readonly string[]> {
    const answer = await this.#connection.send<FactorOn>('POST', '/api/me/second-factor/confirm', { code });
    this.#renew(answer);
    return answer.recoveryCodes;
  }

  dropSecondFactor(password: string, code: string): Promise<void> {
    return this.#connection.send('POST', '/api/me/second-factor/off', { password, code });
  }

  #renew({ csrfToken }: Renewed): void {
    this.#connection.csrfToken = csrfToken;
  }

  #signedOut(): void {
    localStorage.removeItem(SIGNED_IN);
    this.onSignedOut();
  }
}
