/** An RTSP 1.0 server (RFC 2326) for cameras on one port: H.264 and H.265 over RTP, interleaved and by UDP. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Camera } from '../camera/camera.ts';
import type { Stream } from '../camera/stream.ts';
import { Authenticator } from './auth.ts';
import { Connection } from './connection.ts';
import type { CameraStream } from './session.ts';
import { Sessions } from './sessions.ts';
import { UdpPair } from './transport.ts';

export interface RtspServerOptions {
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Connections beyond this are closed at once, sessions beyond it refused. Default 2000. */
  readonly maxConnections?: number;
}

export class RtspServer {
  readonly #options: RtspServerOptions;
  readonly #streams: ReadonlyMap<string, CameraStream>;
  readonly #connections = new Set<Connection>();
  #server: Server | null = null;
  #udp: UdpPair | null = null;
  #sessions: Sessions | null = null;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(cameras: Iterable<Camera>, options: RtspServerOptions = {}) {
    this.#options = options;
    const streams = [...cameras].flatMap((camera) =>
      [camera.main, camera.sub].filter((stream) => stream !== null).map((stream) => ({ camera, stream })),
    );
    this.#streams = new Map(streams.map((found) => [found.stream.path, found]));
  }

  /** @throws Error that names the port when it cannot be had */
  async start(): Promise<void> {
    const { host = '127.0.0.1', port = 0, maxConnections = 2000 } = this.#options;
    const udp = await UdpPair.bind(host);
    const auth = new Authenticator();
    const sessions = new Sessions(maxConnections);
    const context = { auth, udp, sessions, find: (path: string) => this.#streams.get(path) };
    udp.rtcp.on('message', (_, from) => sessions.heardFrom(from.address, from.port));
    const server = createServer((socket: Socket) => {
      const connection = new Connection(socket, context);
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
    });
    server.maxConnections = maxConnections;
    this.#udp = udp;
    this.#sessions = sessions;
    this.#server = server;
    server.listen(port, host);
    await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
      udp.close();
      throw new Error(
        error.code === 'EADDRINUSE'
          ? `port ${port} on ${host} is in use; choose another with --port`
          : `cannot listen on ${host}:${port}: ${error.message}`,
      );
    });
    this.#sweeper = setInterval(() => {
      const now = performance.now();
      for (const connection of this.#connections) connection.sweep(now);
      sessions.sweep(now);
    }, 1000);
  }

  get port(): number {
    const address = this.#server?.address();
    if (address === null || address === undefined || typeof address === 'string') {
      throw new Error('the server is not listening');
    }
    return address.port;
  }

  urlOf({ path }: Camera | Stream): string {
    const { host = '127.0.0.1' } = this.#options;
    const name = host.includes(':') ? `[${host}]` : host;
    return `rtsp://${name}:${this.port}/${encodeURI(path)}`;
  }

  async stop(): Promise<void> {
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    for (const connection of this.#connections) connection.close();
    this.#sessions?.stop();
    const server = this.#server;
    if (server?.listening) {
      const closed = once(server, 'close');
      server.close();
      await closed;
    }
    this.#udp?.close();
    this.#udp = null;
  }
}
