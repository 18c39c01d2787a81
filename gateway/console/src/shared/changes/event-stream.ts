/** The gateway's event stream itself: which kind of thing has changed, and whether the line is up. Runs in a page or a worker. */
import type { Alert } from '@roadwatch/contract/api';

export type ChangeKind = 'alert' | 'ticket' | 'camera' | 'agent' | 'fleet' | 'refused-message' | 'settings';

/** What an event says beside the id, as far as the gateway says it. */
export interface ChangeData {
  readonly state?: string;
  /** Of an alert: it is only seen again, and so often and then. Without its parts. */
  readonly seen?: Pick<Alert, 'count' | 'lastSeenAt'>;
  /** Of an alert: who has it before them now. */
  readonly claimedBy?: string | null;
  readonly claimUntil?: string | null;
}

export interface EventHandlers {
  /** `id` is null when everything should be loaded anew. */
  onChange(kind: ChangeKind | 'all', id: string | null, data: ChangeData): void;
  onLine(up: boolean): void;
}

const KINDS: readonly ChangeKind[] = [
  'alert',
  'ticket',
  'camera',
  'agent',
  'fleet',
  'refused-message',
  'settings',
];
const RETRY_MS = 3_000;

/** Reads the stream until the returned function is called. The browser itself names the last event when it reconnects. */
export function openStream(url: string, handlers: EventHandlers): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  // What was loaded before the stream stood may be older than its first event.
  let wasDown = true;
  const open = (): void => {
    source = new EventSource(url);
    source.addEventListener('ready', () => {
      // What was asked for while the line was down may have failed, too.
      if (wasDown) handlers.onChange('all', null, {});
      wasDown = false;
      handlers.onLine(true);
    });
    source.addEventListener('reset', () => handlers.onChange('all', null, {}));
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        const { id, ...data } = JSON.parse((event as MessageEvent<string>).data) as ChangeData & {
          id: string;
        };
        handlers.onChange(kind, id, data);
      });
    }
    source.onerror = () => {
      handlers.onLine(false);
      wasDown = true;
      // A browser gives up for good on an answer that is not a stream: a proxy's error page, or that the session is over,
      // which the next load tells.
      if (source.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(() => {
        open();
        handlers.onChange('all', null, {});
      }, RETRY_MS);
    };
  };
  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}
