/** A unit's own system: takes orders over HTTP, checks their signatures by the official library, and can be made to fail. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

export interface Order {
  readonly id: string;
  readonly genuine: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test states the shape that it expects where it looks
  readonly body: any;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly text: string;
}

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export class TestBureau {
  readonly orders: Order[] = [];
  url = '';
  /** What it answers until told otherwise; null: it accepts the connection and never answers. */
  answer: {
    readonly status: number;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  } | null = {
    status: 200,
  };
  #waiting: (() => void)[] = [];

  readonly secret: string;

  private constructor(secret: string) {
    this.secret = secret;
  }

  static async start(secret = SECRET): Promise<TestBureau> {
    const bureau = new TestBureau(secret);
    const library = new Webhook(secret);
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      const { headers } = request;
      const id = String(headers['webhook-id']);
      // The time is that of the call: tests set the gateway's own, and the library compares with today.
      const sentAt = new Date(Number(headers['webhook-timestamp']) * 1000);
      const genuine = library.sign(id, sentAt, body) === headers['webhook-signature'];
      bureau.orders.push({ id, genuine, body: JSON.parse(body), headers, text: body });
      const { answer } = bureau;
      if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      for (const wake of bureau.#waiting.splice(0)) wake();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    bureau.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/orders`;
    return bureau;
  }

  /** What a configuration says of the unit. */
  get unit() {
    return {
      id: 'bureau',
      name: { en: 'Bureau', zh: '城管局' },
      default: true,
      webhook: { url: this.url, secret: this.secret },
    };
  }

  async received(count: number): Promise<readonly Order[]> {
    while (this.orders.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.orders;
  }
}
