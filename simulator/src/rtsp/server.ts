/**
 * An RTSP 1.0 server (RFC 2326) for cameras on one port, and on request on another one in TLS: H.264 and H.265 over RTP,
 * interleaved, by UDP and through HTTP.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Camera } from '../camera/camera.ts';
import type { Stream } from '../camera/stream.ts';
import { Authenticator } from './auth.ts';
import type { TlsKeys } from './certificate.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { StreamDirectory } from './directory.ts';
import { Entrance } from './entrance.ts';
import { Sessions } from './sessions.ts';
import { UdpPair } from './transport.ts';
import type { Wire } from './wire.ts';

export interface RtspServerOptions {
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Connections beyond this are closed at once, sessions beyond it refused. Default 2000. */
  readonly maxConnections?: number;
  /** Serves in TLS too, at a port of its own: 0 takes any free one. */
  readonly tls?: TlsKeys & { readonly port: number };
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

export class RtspServer {
  readonly #options: RtspServerOptions;
  readonly #directory: StreamDirectory;
  readonly #connections = new Set<Connection>();
  readonly #entrance: Entrance;
  #server: Server | null = null;
  #secure: Server | null = null;
  #udp: UdpPair | null = null;
  #context: ConnectionContext | null = null;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(cameras: Iterable<Camera>, options: RtspServerOptions = {}) {
    this.#options = options;
    this.#directory = new StreamDirectory(cameras);
    this.#entrance = new Entrance((wire) => this.#serve(wire));
  }

  /** @throws Error that names the port when it cannot be had */
  async start(): Promise<void> {
    const { host = '127.0.0.1', port = 0, maxConnections = 2000, tls } = this.#options;
    const udp = await UdpPair.bind(host);
    const sessions = new Sessions(maxConnections);
    udp.rtcp.on('message', (_, from) => sessions.heardFrom(from.address, from.port));
    this.#udp = udp;
    this.#context = {
      auth: new Authenticator(),
      udp,
      sessions,
      directory: this.#directory,
    };
    try {
      this.#server = createServer((socket) => this.#entrance.accept(socket, false));
      await listen(this.#server, host, port, maxConnections, '--port');
      if (tls !== undefined) {
        const options = { cert: tls.cert, key: tls.key, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
        this.#secure = createTlsServer(options, (socket) => this.#entrance.accept(socket, true));
        await listen(this.#secure, host, tls.port, maxConnections, '--tls-port');
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#sweeper = setInterval(() => {
      const now = performance.now();
      for (const connection of this.#connections) connection.sweep(now);
      sessions.sweep(now);
    }, 1000);
  }

  get port(): number {
    return portOf(this.#server);
  }

  urlOf({ path }: Stream): string {
    return `rtsp://${this.#host}:${this.port}/${encodeURI(path)}`;
  }

  /** In TLS; null where it is not served so. */
  secureUrlOf({ path }: Stream): string | null {
    return this.#secure === null ? null : `rtsps://${this.#host}:${portOf(this.#secure)}/${encodeURI(path)}`;
  }

  async stop(): Promise<void> {
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#entrance.close();
    for (const connection of this.#connections) connection.close();
    this.#context?.sessions.stop();
    for (const server of [this.#server, this.#secure]) {
      if (!server?.listening) continue;
      const closed = once(server, 'close');
      server.close();
      await closed;
    }
    this.#udp?.close();
    this.#udp = null;
  }

  get #host(): string {
    const { host = '127.0.0.1' } = this.#options;
    return host.includes(':') ? `[${host}]` : host;
  }

  #serve(wire: Wire): void {
    const connection = new Connection(wire, this.#context as ConnectionContext);
    this.#connections.add(connection);
    wire.stream.on('close', () => this.#connections.delete(connection));
  }
}

async function listen(
  server: Server,
  host: string,
  port: number,
  maxConnections: number,
  option: string,
): Promise<void> {
  server.maxConnections = maxConnections;
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      error.code === 'EADDRINUSE'
        ? `port ${port} on ${host} is in use; choose another with ${option}`
        : `cannot listen on ${host}:${port}: ${error.message}`,
    );
  });
}

function portOf(server: Server | null): number {
  const address = server?.address();
  if (address === null || address === undefined || typeof address === 'string') {
    throw new Error('the server is not listening');
  }
  return address.port;
}
