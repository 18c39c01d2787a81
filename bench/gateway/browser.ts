/** What a browser does: log in, ask for pages, listen to events. */
import type { GatewayProcess } from './gateway-process.ts';

export interface Browser {
  readonly ready: Promise<void>;
  get(path: string): Promise<{ readonly ms: number; readonly body: unknown }>;
  /** Resolves when the stream has ended. */
  events(signal: AbortSignal, onEvent: (name: string) => void): Promise<void>;
}

export async function login({ consoleUrl, operator }: GatewayProcess): Promise<Browser> {
  const response = await fetch(new URL('/api/session', consoleUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(operator),
  });
  if (!response.ok) throw new Error(`login: ${response.status} ${await response.text()}`);
  const cookie = response.headers.getSetCookie().map((entry) => entry.split(';')[0]);
  const headers = { cookie: cookie.join('; ') };
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  return {
    ready,
    async get(path) {
      const begin = performance.now();
      const answer = await fetch(new URL(path, consoleUrl), { headers });
      const body: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
      return { ms: performance.now() - begin, body };
    },
    async events(signal, onEvent) {
      const stream = await fetch(new URL('/api/events', consoleUrl), { headers, signal });
      let text = '';
      try {
        for await (const chunk of (stream.body as ReadableStream<Uint8Array>).pipeThrough(
          new TextDecoderStream(),
        )) {
          text += chunk;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const name = /^event: (.*)$/m.exec(text.slice(0, end))?.[1];
            text = text.slice(end + 2);
            if (name === 'ready') onReady();
            else if (name !== undefined) onEvent(name);
          }
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
