/** `/healthz`, `/readyz`, `/metrics` and `/status` on loopback: for the service manager, the monitoring, and the commands of this box. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AgentFigures, Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';
import type { Verdict } from './verdict.ts';

export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  read(): AgentFigures;
  judge(): Verdict;
  readiness(): Readiness;
  /** What /status tells besides: the cameras, the line, and who this is. */
  tell(): object;
}

export class HealthServer {
  readonly #server: Server;

  /** Throws when the address cannot be had. */
  static async start(options: HealthOptions): Promise<HealthServer> {
    const server = createServer((request, response) => {
      const path = request.url?.split('?')[0];
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
      } else if (path === '/healthz') {
        const { cameras, brokerConnected, outboxDepth, uplink } = options.read();
        const { bytesPerSecond, waitingBytes } = uplink;
        const streaming = cameras.filter((camera) => camera.streaming).length;
        const { status, troubles } = options.judge();
        const body = {
          status,
          cameras: cameras.length,
          streaming,
          brokerConnected,
          outboxDepth,
          uplink: { bytesPerSecond, waitingBytes },
          troubles,
        };
        response
          .writeHead(status === 'ok' ? 200 : 503, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      } else if (path === '/readyz') {
        const body = options.readiness();
        response
          .writeHead(body.ready ? 200 : 503, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      } else if (path === '/status') {
        const { brokerConnected, outboxDepth } = options.read();
        const line = { brokerConnected, outboxDepth };
        const body = { ...options.judge(), ...line, ...options.tell() };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      } else if (path === '/metrics') {
        options.metrics.text().then(
          (text) => response.writeHead(200, { 'content-type': options.metrics.contentType }).end(text),
          () => response.writeHead(500).end(),
        );
      } else {
        response.writeHead(404).end();
      }
    });
    server.requestTimeout = 5_000;
    server.maxConnections = 32;
    server.listen(options.port, options.host);
    await once(server, 'listening');
    return new HealthServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
