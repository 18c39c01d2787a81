/** A city's Open311 system as others have written it: takes requests, lists them, and can be made to fail in every way. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface CityRequest {
  readonly id: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  status: 'open' | 'closed';
  notes?: string;
}

/** What becomes of one POST or GET instead of the usual answer. `lost`: it is carried out, and the answer never comes. */
export type Trouble = { readonly status: number; readonly body?: string } | 'lost' | 'hangs';

export class TestCity {
  readonly requests: CityRequest[] = [];
  readonly asked: string[] = [];
  /** In turn, one for each call; when there are none left, all goes well. */
  readonly postTroubles: Trouble[] = [];
  readonly getTroubles: Trouble[] = [];
  /** Numbers are given later, against a token. */
  givesTokens = false;
  url = '';

  static async start(): Promise<TestCity> {
    const city = new TestCity();
    const server = createServer((request, response) => city.#answer(request, response)).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    city.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v2`;
    return city;
  }

  /** What a configuration says of the unit. */
  get unit() {
    return {
      id: 'bureau',
      name: { en: 'Bureau', zh: '城管局' },
      default: true,
      open311: {
        url: this.url,
        apiKey: 'key of the city',
        jurisdictionId: 'city.example',
        serviceCodes: { pothole: '0401' },
        pollSeconds: 60,
      },
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', this.url);
    this.asked.push(`${request.method} ${url.pathname}`);
    const trouble = (request.method === 'POST' ? this.postTroubles : this.getTroubles).shift();
    if (typeof trouble === 'object') {
      response.writeHead(trouble.status).end(trouble.body ?? '');
      return;
    }
    if (trouble === 'hangs') return;
    const answer =
      request.method === 'POST'
        ? this.#take(Buffer.concat(chunks).toString('utf8'), request)
        : this.#list(url);
    if (trouble === 'lost') return void request.socket.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #take(body: string, { headers }: IncomingMessage): unknown {
    const id = String(293_944 + this.requests.length);
    this.requests.push({ id, form: Object.fromEntries(new URLSearchParams(body)), headers, status: 'open' });
    // As a number, as the example of the specification has it.
    return [this.givesTokens ? { token: `t-${id}` } : { service_request_id: Number(id), service_notice: '' }];
  }

  #list(url: URL): unknown {
    const token = /tokens\/t-(\d+)\.json$/.exec(url.pathname)?.[1];
    if (token !== undefined) return [{ service_request_id: token, token: `t-${token}` }];
    const ids = url.searchParams.get('service_request_id')?.split(',');
    return this.requests
      .filter(({ id }) => ids === undefined || ids.includes(id))
      .map(({ id, form, status, notes }) => ({
        service_request_id: Number(id),
        status,
        status_notes: notes ?? null,
        service_code: form.service_code,
        description: form.description,
      }));
  }
}
