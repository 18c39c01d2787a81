/** The gateway's API. Every failure is a Problem that a person can be shown. */

import type {
  Agent,
  Alert,
  AlertNearby,
  AlertPage,
  ApiToken,
  ApiTokenMade,
  Camera,
  Confirmation,
  CrewLink,
  FactorBegun,
  FactorOn,
  LiveView,
  Me,
  NewToken,
  Notice,
  OfCamera,
  OwnAccount,
  RefusedMessage,
  Renewed,
  StoreTrouble,
  Ticket,
  TicketDetail,
  TicketPage,
  Unit,
  User,
  Ways,
} from '@roadwatch/contract/api';
import { at } from './base.ts';

export class Problem extends Error {
  readonly status: number;
  /** For what has words of its own. */
  readonly code: string | null;

  /** `status` is 0 when the gateway was not reached. */
  constructor(status: number, message: string, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Whatever was thrown, as a Problem. */
export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, String(error));
}

/** Whether it is worth asking who is signed in; the session itself is in a cookie that no script can read. */
const SIGNED_IN = 'roadwatch.signed-in';
const TIMEOUT_MS = 15_000;
/** The gateway itself waits 20 s for the agent. */
const LIVE_TIMEOUT_MS = 25_000;

interface List<Item> {
  readonly items: readonly Item[];
}

/** Of a person; programs have less. */
type SignedIn = Required<Me>;

export class Api {
  /** Of who is signed in. */
  account: OwnAccount = { password: false, secondFactor: false, mustSetUp: false };
  #csrfToken = '';
  #clockOffsetMs = 0;
  #timeZone = 'UTC';
  /** Called when the session is over. */
  onSignedOut: () => void = () => {};

  /** The gateway's present instant, as far as its answers tell: ages and countdowns are right on a screen whose clock is not. */
  now(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  /** The city's, as an IANA name, once somebody is signed in. */
  get timeZone(): string {
    return this.#timeZone;
  }

  /** `code`: of the second factor. Throws Problem with the code `cookie_lost` when the browser keeps no session. */
  async signIn(username: string, password: string, code?: string): Promise<User> {
    const more = code === undefined ? {} : { code };
    await this.#send('POST', '/api/session', { username, password, ...more });
    localStorage.setItem(SIGNED_IN, 'yes');
    const user = await this.me();
    if (user === null) throw new Problem(0, 'the browser has not kept the cookie', 'cookie_lost');
    return user;
  }

  /** The browser comes back from the identity provider with a session. */
  signedInElsewhere(): void {
    localStorage.setItem(SIGNED_IN, 'yes');
  }

  ways(): Promise<Ways> {
    return this.#send('GET', '/api/session/ways');
  }

  /** All other sessions end. */
  async changePassword(old: string, fresh: string): Promise<void> {
    this.#renew(await this.#send('POST', '/api/me/password', { old, new: fresh }));
  }
  beginSecondFactor(password: string): Promise<FactorBegun> {
    return this.#send('POST', '/api/me/second-factor', { password });
  }
  /** Resolves with the recovery codes, which the gateway shows this once. */
  async confirmSecondFactor(code: string): Promise<readonly string[]> {
    const answer = await this.#send<FactorOn>('POST', '/api/me/second-factor/confirm', { code });
    this.#renew(answer);
    return answer.recoveryCodes;
  }
  dropSecondFactor(password: string, code: string): Promise<void> {
    return this.#send('POST', '/api/me/second-factor/off', { password, code });
  }

  /** Null when nobody is signed in. */
  async me(): Promise<User | null> {
    if (localStorage.getItem(SIGNED_IN) === null) return null;
    try {
      return this.#take(await this.#send<SignedIn>('GET', '/api/me'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  async signOut(): Promise<void> {
    await this.#send('DELETE', '/api/session');
    this.#signedOut();
  }

  /** What cannot be saved at present, and why; empty as a rule. */
  async troubles(): Promise<readonly StoreTrouble[]> {
    const response = await fetch(at('/healthz'), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ((await response.json()) as { readonly troubles: readonly StoreTrouble[] }).troubles;
  }

  alerts(): Promise<AlertPage> {
    return this.#send('GET', '/api/alerts?state=new&order=oldest&limit=200');
  }
  alert(id: string): Promise<Alert> {
    return this.#send('GET', `/api/alerts/${id}`);
  }
  /** The latest alerts of a camera, whatever became of them. */
  async alertsOf({ site, agent, camera }: OfCamera): Promise<readonly Alert[]> {
    const path = `/api/alerts?camera=${site}/${agent}/${camera}&order=newest&limit=100`;
    return (await this.#send<List<Alert>>('GET', path)).items;
  }
  /** The latest that were judged so. */
  judged(state: 'confirmed' | 'rejected' | 'shelved' | 'merged'): Promise<AlertPage> {
    return this.#send('GET', `/api/alerts?state=${state}&order=newest&limit=100`);
  }
  confirm(id: string): Promise<Confirmation> {
    return this.#send('POST', `/api/alerts/${id}/confirm`, {});
  }
  reject(id: string, reason: string): Promise<Alert> {
    return this.#send('POST', `/api/alerts/${id}/reject`, { reason });
  }
  shelve(id: string, until: Date, reason: string): Promise<Alert> {
    return this.#send('POST', `/api/alerts/${id}/shelve`, { until: until.toISOString(), reason });
  }
  undo(id: string): Promise<Alert> {
    return this.#send('POST', `/api/alerts/${id}/undo`, {});
  }
  async nearby(id: string): Promise<readonly AlertNearby[]> {
    return (await this.#send<List<AlertNearby>>('GET', `/api/alerts/${id}/nearby`)).items;
  }
  merge(id: string, into: string): Promise<Alert> {
    return this.#send('POST', `/api/alerts/${id}/merge`, { into });
  }
  claim(id: string): Promise<Alert> {
    return this.#send('POST', `/api/alerts/${id}/claim`, {});
  }
  release(id: string): Promise<Alert> {
    return this.#send('POST', `/api/alerts/${id}/release`, {});
  }

  tickets(state: 'open' | null): Promise<TicketPage> {
    return this.#send('GET', `/api/tickets?limit=200${state === null ? '' : `&state=${state}`}`);
  }
  ticket(id: string): Promise<TicketDetail> {
    return this.#send('GET', `/api/tickets/${id}`);
  }
  command(
    ticket: Ticket,
    command: string,
    more: { readonly reason?: string; readonly outcome?: string; readonly unitId?: string },
  ): Promise<Ticket> {
    return this.#send('POST', `/api/tickets/${ticket.id}/transitions`, {
      command,
      version: ticket.version,
      ...more,
    });
  }

  async notices(): Promise<readonly Notice[]> {
    return (await this.#send<List<Notice>>('GET', '/api/notices')).items;
  }
  noticeSeen(id: string): Promise<void> {
    return this.#send('POST', `/api/notices/${id}/seen`);
  }

  makeCrewLink(ticketId: string): Promise<CrewLink> {
    return this.#send('POST', `/api/tickets/${ticketId}/crew-link`);
  }
  endCrewLinks(ticketId: string): Promise<void> {
    return this.#send('DELETE', `/api/tickets/${ticketId}/crew-link`);
  }

  async units(): Promise<readonly Unit[]> {
    return (await this.#send<List<Unit>>('GET', '/api/units')).items;
  }
  async cameras(): Promise<readonly Camera[]> {
    return (await this.#send<List<Camera>>('GET', '/api/cameras')).items;
  }
  async agents(): Promise<readonly Agent[]> {
    return (await this.#send<List<Agent>>('GET', '/api/agents')).items;
  }

  async refusedMessages(): Promise<readonly RefusedMessage[]> {
    return (await this.#send<List<RefusedMessage>>('GET', '/api/refused-messages')).items;
  }

  /** An order to a unit's own system that was given up. */
  sendAgain(order: string): Promise<void> {
    return this.#send('POST', `/api/dispatches/${order}/retry`);
  }

  async tokens(): Promise<readonly ApiToken[]> {
    return (await this.#send<List<ApiToken>>('GET', '/api/tokens')).items;
  }

  /** Resolves with the token itself, which the gateway shows this once. */
  async makeToken(wanted: NewToken): Promise<string> {
    return (await this.#send<ApiTokenMade>('POST', '/api/tokens', wanted)).token;
  }

  revokeToken(id: string): Promise<void> {
    return this.#send('DELETE', `/api/tokens/${id}`);
  }

  /** Resolves once pictures flow; `path` is the websocket to play them from. */
  startLive({ site, agent, camera }: OfCamera): Promise<LiveView> {
    return this.#send('POST', `/api/cameras/${site}/${agent}/${camera}/live`, {}, LIVE_TIMEOUT_MS);
  }

  async #send<T>(method: string, path: string, body?: object, timeoutMs = TIMEOUT_MS): Promise<T> {
    const response = await fetch(at(path), {
      method,
      headers: {
        ...(method === 'GET' ? {} : { 'x-csrf-token': this.#csrfToken }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(() => {
      throw new Problem(0, 'network');
    });
    this.#setClock(response.headers.get('date'));
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    if (response.status === 401 && path !== '/api/session') this.#signedOut();
    const problem = (await response.json().catch(() => ({}))) as {
      detail?: string;
      code?: string;
    };
    throw new Problem(response.status, problem.detail ?? response.statusText, problem.code);
  }

  #renew({ csrfToken }: Renewed): void {
    this.#csrfToken = csrfToken;
  }

  #take({ user, csrfToken, timeZone, account }: SignedIn): User {
    this.account = account;
    this.#csrfToken = csrfToken;
    this.#timeZone = timeZone;
    return user;
  }

  #signedOut(): void {
    localStorage.removeItem(SIGNED_IN);
    this.onSignedOut();
  }

  /** The header has whole seconds (RFC 9110, 6.6.1), so a small difference is none. */
  #setClock(date: string | null): void {
    const offset = date === null ? 0 : Date.parse(date) - Date.now();
    this.#clockOffsetMs = Math.abs(offset) > 2_500 ? offset : 0;
  }
}

export function evidenceUrl(sha256: string): string {
  return at(`/api/evidence/${sha256}`);
}
