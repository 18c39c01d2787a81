/** A unit's own system: takes orders over HTTP, checks their signatures, and can be made to fail. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { checkSignature } from '../dispatch/webhook.ts';

export interface Order {
  readonly id: string;
  readonly genuine: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test states the shape that it expects where it looks
  readonly body: any;
}

export const SECRET = 'a secret that the bureau shares with us';

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

  static async start(): Promise<TestBureau> {
    const bureau = new TestBureau();
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      const { headers } = request;
      const id = String(headers['webhook-id']);
      const call = {
        id,
        timestampS: Number(headers['webhook-timestamp']),
        body,
        signatures: String(headers['webhook-signature']),
      };
      // Taken from the call, since tests set the gateway's time.
      const genuine = checkSignature(SECRET, call, call.timestampS * 1000) === null;
      bureau.orders.push({ id, genuine, body: JSON.parse(body) });
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
      webhook: { url: this.url, secret: SECRET },
    };
  }

  async received(count: number): Promise<readonly Order[]> {
    while (this.orders.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.orders;
  }
}
