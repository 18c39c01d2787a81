/**
 * jsmpeg's source (MPEG-TS from our own websocket), so that how it ended is known (RFC 6455, 7.1.5). It never reconnects by
 * itself: a session that is over does not come back.
 */
interface Destination {
  write(data: ArrayBuffer): void;
}

/** The shape that `new JSMpeg.Player(url, { source })` constructs and drives. */
export function tsSource(onClosed: (code: number) => void) {
  return class {
    readonly streaming = true;
    established = false;
    completed = false;
    progress = 0;
    readonly #url: string;
    #socket: WebSocket | null = null;
    #destination: Destination | null = null;

    constructor(url: string) {
      this.#url = url;
    }

    connect(destination: Destination): void {
      this.#destination = destination;
    }

    start(): void {
      const socket = new WebSocket(this.#url);
      this.#socket = socket;
      socket.binaryType = 'arraybuffer';
      socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
        if (typeof data === 'string') return;
        this.established = true;
        this.progress = 1;
        this.#destination?.write(data);
      };
      socket.onclose = ({ code }) => {
        this.completed = true;
        onClosed(code);
      };
    }

    resume(): void {}

    destroy(): void {
      const socket = this.#socket;
      if (socket === null) return;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
  };
}
