/** The operator's side of the demo: the same HTTP API, with the same login, as the console's. */

export interface AlertView {
  readonly id: string;
  readonly state: string;
  readonly damageClass: string;
  readonly detectionId: string;
  /** When the gateway had committed the alert's first detection. */
  readonly storedAt: string;
  readonly createdAt: string;
  readonly confirmedAt: string | null;
  readonly evidence: readonly EvidenceView[];
}
interface EvidenceView {
  readonly name: string;
  readonly kind: string;
  readonly sha256: string;
  /** Whether its bytes have come. */
  readonly available: boolean;
}
export interface TicketView {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly dispatchedAt: string | null;
}

export class ConsoleApi {
  readonly #base: string;
  #cookie = '';
  #csrfToken = '';

  constructor(base: string) {
    this.#base = base;
  }

  async login(credentials: { readonly username: string; readonly password: string }): Promise<void> {
    const response = await this.#request('POST', '/api/session', credentials);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    this.#cookie = cookies.join('; ');
    this.#csrfToken = csrfToken;
  }

  async newAlerts(): Promise<readonly AlertView[]> {
    return (await this.#get<{ items: readonly AlertView[] }>('/api/alerts?state=new')).items;
  }

  alert(id: string): Promise<AlertView> {
    return this.#get(`/api/alerts/${id}`);
  }

  async confirm(id: string): Promise<{ readonly ticketId: string }> {
    const response = await this.#request('POST', `/api/alerts/${id}/confirm`, {});
    return (await response.json()) as { ticketId: string };
  }

  ticket(id: string): Promise<TicketView> {
    return this.#get(`/api/tickets/${id}`);
  }

  async evidence(sha256: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request('GET', `/api/evidence/${sha256}`)).arrayBuffer());
  }

  async #get<T>(path: string): Promise<T> {
    return (await (await this.#request('GET', path)).json()) as T;
  }

  /** Throws with the method, the path, the status and what the gateway says unless the answer is a success. */
  async #request(method: string, path: string, body?: object): Promise<Response> {
    const url = new URL(path, this.#base);
    const response = await fetch(url, {
      method,
      headers: {
        ...(this.#cookie ? { cookie: this.#cookie, 'x-csrf-token': this.#csrfToken } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) return response;
    throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  }
}
