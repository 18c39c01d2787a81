/** Somebody at the console: the HTTP API with a session, as a browser has it. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test states the shape that it expects where it looks
  readonly body: any;
}

export class TestOperator {
  readonly base: string;
  readonly cookie: string;
  readonly csrfToken: string;

  static async login(base: string, username: string, password: string): Promise<TestOperator> {
    const answer = await call(base, 'POST', '/api/session', { body: { username, password } });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    const cookie = answer.headers.getSetCookie().map((entry) => entry.split(';')[0]);
    return new TestOperator(base, cookie.join('; '), answer.body.csrfToken);
  }

  private constructor(base: string, cookie: string, csrfToken: string) {
    this.base = base;
    this.cookie = cookie;
    this.csrfToken = csrfToken;
  }

  get headers(): Record<string, string> {
    return { cookie: this.cookie, 'x-csrf-token': this.csrfToken };
  }

  get(path: string): Promise<Answer> {
    return call(this.base, 'GET', path, { headers: this.headers });
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return call(this.base, 'POST', path, { headers: { ...this.headers, ...headers }, body });
  }

  /** Confirms the newest alert; resolves with the path of its ticket once that has been dispatched. */
  async dispatch(order: object = {}): Promise<string> {
    const [alert] = (await this.get('/api/alerts?state=new')).body.items;
    const { ticketId } = (await this.post(`/api/alerts/${alert.id}/confirm`, order)).body;
    const path = `/api/tickets/${ticketId}`;
    await this.until(path, (ticket) => ticket.state === 'dispatched');
    return path;
  }

  /** Asks again until the answer is as wanted; the test's own limit ends it otherwise. */
  async until(path: string, wanted: (body: Answer['body']) => boolean): Promise<Answer['body']> {
    for (;;) {
      const { body } = await this.get(path);
      if (wanted(body)) return body;
      await delay(20);
    }
  }
}

export async function call(
  base: string,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {},
): Promise<Answer> {
  const response = await fetch(new URL(path, base), {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}
