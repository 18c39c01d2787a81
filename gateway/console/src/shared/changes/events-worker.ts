/**
 * One event stream for all tabs of a browser: HTTP/1.1 browsers open six connections to a gateway at most, and a stream in each
 * tab would leave none for anything else. Tabs say that they listen, and that they go.
 */
import { type EventHandlers, openStream } from './event-stream.ts';
import type { FromTab, ToTab } from './events.ts';

declare const self: { onconnect: (event: MessageEvent) => void };

const listening = new Set<MessagePort>();
let close: (() => void) | null = null;
/** Null until the stream has been opened, or could not be. */
let lineUp: boolean | null = null;

const tell = (message: ToTab): void => {
  for (const port of listening) port.postMessage(message);
};
const handlers: EventHandlers = {
  onChange: (kind, id, data) => tell({ kind, id, data }),
  onLine: (up) => {
    lineUp = up;
    tell({ lineUp });
  },
};

self.onconnect = ({ ports: [port] }) => {
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<FromTab>) => {
    if (data.listen === null) listening.delete(port);
    else {
      listening.add(port);
      close ??= openStream(data.listen, handlers);
      if (lineUp !== null) port.postMessage({ lineUp } satisfies ToTab);
    }
    if (listening.size > 0) return;
    close?.();
    close = null;
    lineUp = null;
  };
};
