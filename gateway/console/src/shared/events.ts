/** What has changed at the gateway, from the one stream that all tabs of this browser share. */

import { at } from './base.ts';
import { type ChangeKind, type EventHandlers, openStream } from './event-stream.ts';

/** `listen` is the address of the stream; null says that this tab listens no more. */
export interface FromTab {
  readonly listen: string | null;
}
export type ToTab =
  | { readonly kind: ChangeKind | 'all'; readonly id: string | null }
  | { readonly lineUp: boolean };

/** Listens until the returned function is called. */
export function listen(handlers: EventHandlers): () => void {
  const url = new URL(at('/api/events'), location.href).href;
  // Chrome on Android has none; nobody has seven tabs open there.
  return 'SharedWorker' in window ? listenShared(url, handlers) : openStream(url, handlers);
}

function listenShared(url: string, handlers: EventHandlers): () => void {
  const { port } = new SharedWorker(new URL('./events-worker.ts', import.meta.url), { type: 'module' });
  const say = (message: FromTab): void => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<ToTab>) => {
    if ('lineUp' in data) handlers.onLine(data.lineUp);
    else handlers.onChange(data.kind, data.id);
  };
  const leave = (): void => say({ listen: null });
  // A page that the browser keeps for its back button hears nothing meanwhile.
  const comeBack = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    say({ listen: url });
    handlers.onChange('all', null);
  };
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', comeBack);
  say({ listen: url });
  return () => {
    window.removeEventListener('pagehide', leave);
    window.removeEventListener('pageshow', comeBack);
    leave();
    port.close();
  };
}
