/**
 * The line to the gateway: begins anew whenever it ends, and ends for good only when the gateway says that this screen may no
 * longer. The token goes in a header, which the browser's own EventSource cannot send.
 */
import type { WallBoard, WallHello } from '@roadwatch/contract/api';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { at } from '../shared/route/base.ts';

export type Line = 'connecting' | 'up' | 'lost' | 'full';

export interface StreamHandlers {
  onHello(hello: WallHello): void;
  onBoard(board: WallBoard): void;
  onLine(line: Line): void;
  /** By the code of the refusal. */
  onEnded(code: string): void;
}

/** The gateway says something every three seconds: one that is silent for longer is not there any more. */
const SILENT_MS = 10_000;
const RETRY_MS = 2_000;
const FULL_RETRY_MS = 15_000;

/** Until the returned function is called. */
export function watchWall(headers: Readonly<Record<string, string>>, handlers: StreamHandlers): () => void {
  const stopping = new AbortController();
  void keepWatching(headers, handlers, stopping.signal);
  return () => stopping.abort();
}

async function keepWatching(
  headers: Readonly<Record<string, string>>,
  handlers: StreamHandlers,
  stop: AbortSignal,
): Promise<void> {
  handlers.onLine('connecting');
  while (!stop.aborted) {
    const outcome = await watchOnce(headers, handlers, stop).catch(() => 'lost' as const);
    if (stop.aborted) return;
    if (typeof outcome === 'object') return handlers.onEnded(outcome.ended);
    handlers.onLine(outcome);
    await wait(outcome === 'full' ? FULL_RETRY_MS : RETRY_MS, stop);
  }
}

async function watchOnce(
  headers: Readonly<Record<string, string>>,
  handlers: StreamHandlers,
  stop: AbortSignal,
): Promise<'lost' | 'full' | { readonly ended: string }> {
  const silence = new AbortController();
  const signal = AbortSignal.any([stop, silence.signal]);
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const answer = await fetch(at('/api/wall/stream'), { headers, signal, cache: 'no-store' });
    if (answer.status === 401 || answer.status === 403) {
      const { code } = (await answer.json().catch(() => ({}))) as { readonly code?: string };
      return { ended: code ?? 'other' };
    }
    if (answer.status === 429) return 'full';
    if (!answer.ok || answer.body === null) return 'lost';
    const events = answer.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { event, data } of events as unknown as AsyncIterable<Heard>) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
      if (event === 'hello') {
        handlers.onLine('up');
        handlers.onHello(JSON.parse(data) as WallHello);
      } else if (event === 'board') handlers.onBoard(JSON.parse(data) as WallBoard);
    }
    return 'lost';
  } finally {
    clearTimeout(timer);
  }
}

interface Heard {
  readonly event?: string;
  readonly data: string;
}

function wait(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    }
  });
}
