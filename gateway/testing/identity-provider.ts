/** An OpenID provider on loopback, at which people sign in by being named, and a browser that goes there and back. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Provider, { type InteractionResults } from 'oidc-provider';
import { onTestFinished, vi } from 'vitest';

const CLIENT = { client_id: 'roadwatch', client_secret: 'a secret of the gateway and the provider' };

export class TestProvider {
  issuer = '';
  /** Who signs in next, with what is said of them. */
  person: { readonly sub: string; readonly [claim: string]: unknown } = { sub: 'nobody' };
  /** Somebody who thinks better of it. */
  aborts = false;
  #provider: Provider | null = null;
  #server: Server | null = null;

  static async start(): Promise<TestProvider> {
    const provider = new TestProvider();
    // It tells at length that so configured it is good for tests only.
    for (const level of ['info', 'warn'] as const) {
      const quiet = vi.spyOn(console, level).mockReturnValue(undefined);
      onTestFinished(() => quiet.mockRestore());
    }
    const server = createServer((request, response) => provider.#answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    provider.#server = server;
    onTestFinished(() => provider.end());
    const address = server.address();
    provider.issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return provider;
  }

  end(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  /** What a configuration says of it. */
  get oidc() {
    return {
      issuer: this.issuer,
      clientId: CLIENT.client_id,
      clientSecret: CLIENT.client_secret,
      roles: [
        { claim: 'roads-lead', role: 'shift_lead' },
        { claim: 'roads', role: 'operator' },
        { claim: 'crews', role: 'unit', unit: 'road-maintenance' },
      ],
    };
  }

  /** From now on it knows the gateway. */
  register(gatewayUrl: string): void {
    const redirect = new URL('/api/session/oidc/callback', gatewayUrl).href;
    this.#provider = new Provider(this.issuer, {
      clients: [{ ...CLIENT, redirect_uris: [redirect] }],
      claims: {
        openid: ['sub'],
        profile: ['preferred_username', 'roles', 'realm_access', 'resource_access', 'groups'],
      },
      cookies: { keys: ['of this test'] },
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, accountId) => ({ accountId, claims: () => this.person }),
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider;
    if (provider === null) return void response.writeHead(503).end();
    if (!request.url?.startsWith('/interaction/')) return provider.callback()(request, response);
    const { prompt, params } = await provider.interactionDetails(request, response);
    const finish = (result: InteractionResults) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    if (this.aborts) return finish({ error: 'access_denied' });
    if (prompt.name === 'login') return finish({ login: { accountId: this.person.sub, remember: false } });
    const grant = new provider.Grant({ accountId: this.person.sub, clientId: String(params.client_id) });
    grant.addOIDCScope('openid profile');
    return finish({ consent: { grantId: await grant.save() } });
  }
}

/** Follows redirects from an address on, with cookies, until the gateway's own page; resolves with all that it has passed. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  async visit(url: string | URL): Promise<URL[]> {
    const passed: URL[] = [];
    for (let next: URL | null = new URL(url); next !== null && passed.length < 20; ) {
      passed.push(next);
      if (next.pathname === '/') break;
      const answer: Response = await fetch(next, { redirect: 'manual', headers: { cookie: this.cookie } });
      for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie);
      const to: string | null = answer.headers.get('location');
      next = to === null ? null : new URL(to, next);
    }
    return passed;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
