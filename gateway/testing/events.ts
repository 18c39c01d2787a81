/** A browser's EventSource, as far as the tests need it. */
import { onTestFinished } from 'vitest';
import type { TestOperator } from './operator.ts';

export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test states the shape that it expects where it looks
  readonly data: any;
}

/** The events of a stream that stays open until `close`. */
export async function openEvents(
  operator: Pick<TestOperator, 'base' | 'headers'>,
  { lastEventId, path = '/api/events' }: { readonly lastEventId?: string; readonly path?: string } = {},
) {
  const ending = new AbortController();
  const response = await fetch(new URL(path, operator.base), {
    headers: {
      ...operator.headers,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: ending.signal,
  });
  onTestFinished(() => ending.abort());
  const events = parse(response.body as ReadableStream<Uint8Array>);
  return {
    close: () => ending.abort(),
    async next(): Promise<ServerEvent> {
      const { value, done } = await events.next();
      if (done) throw new Error('the stream has ended');
      return value;
    },
  };
}

async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      if (field('event') !== '')
        yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
    }
  }
}
