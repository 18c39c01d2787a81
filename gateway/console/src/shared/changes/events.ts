/** What has changed at the gateway, from the one stream that all tabs of this browser share. */
import { at } from '../route/base.ts';
import { type ChangeData, type ChangeKind, type EventHandlers, openStream } from './event-stream.ts';

/** `listen` is the address of the stream; null says that this tab listens no more. */
export interface FromTab {
  readonly listen: string | null;
}
export type ToTab =
  | { readonly kind: ChangeKind | 'all'; readonly id: string | null; readonly data: ChangeData }
  | { readonly lineUp: boolean };

/** Listens until the returned function is called. */
export function listen(handlers: EventHandlers): () => void {
  const url = new URL(at('/api/events'), location.href).href;
  // Chrome on Android has none; nobody has seven tabs open there.
  return 'SharedWorker' in window ? listenShared(url, handlers) : openStream(url, handlers);
}

/** A worker whose script could not be had, since the gateway or the line was gone just then, says nothing by itself. */
const RETRY_MS = 3_000;
/** What a page that has just been opened shows is nearly as new as the stream: asked for anew once its first picture has come. */
const FIRST_MS = 1_000;

function listenShared(url: string, handlers: EventHandlers): () => void {
  let port: MessagePort;
  /** Whether this tab has yet to hear of what happened since it loaded what it shows. */
  let behind = true;
  let isFirst = true;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let catchUp: ReturnType<typeof setTimeout> | undefined;
  const say = (message: FromTab): void => port.postMessage(message);
  const start = (): void => {
    const worker = new SharedWorker(new URL('./events-worker.ts', import.meta.url), { type: 'module' });
    port = worker.port;
    worker.onerror = () => {
      behind = true;
      handlers.onLine(false);
      port.close();
      retry = setTimeout(start, RETRY_MS);
    };
    port.onmessage = ({ data }: MessageEvent<ToTab>) => {
      if (behind) catchUp = setTimeout(() => handlers.onChange('all', null, {}), isFirst ? FIRST_MS : 0);
      const isSaidSo = behind && 'kind' in data && data.kind === 'all';
      behind = false;
      isFirst = false;
      if ('lineUp' in data) handlers.onLine(data.lineUp);
      else if (!isSaidSo) handlers.onChange(data.kind, data.id, data.data);
    };
    say({ listen: url });
  };
  const leave = (): void => say({ listen: null });
  // A page that the browser keeps for its back button hears nothing meanwhile.
  const comeBack = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    say({ listen: url });
    handlers.onChange('all', null, {});
  };
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', comeBack);
  start();
  return () => {
    window.removeEventListener('pagehide', leave);
    window.removeEventListener('pageshow', comeBack);
    clearTimeout(retry);
    clearTimeout(catchUp);
    leave();
    port.close();
  };
}
