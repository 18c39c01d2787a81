/** Where the embedded broker listens: in the clear, or with TLS, which may ask boxes for their certificates. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { Logger } from 'pino';
import type { ServerKeys } from '../pki/server-certificate.ts';

const HANDSHAKE_MS = 10_000;

export interface BrokerTls {
  readonly keys: ServerKeys;
  /** PEM: who vouches for boxes. */
  readonly authority: string;
  readonly requireCertificates: boolean;
}

export interface Listener {
  readonly server: Server;
  /** From the next connection on. */
  useKeys(keys: ServerKeys): void;
}

export interface ListenerEvents {
  /** A connection, still without TLS. */
  arrived(socket: Socket): void;
  /** It can be spoken on; `under` is what arrived. */
  ready(socket: Socket, under: Socket): void;
}

export function createListener(tls: BrokerTls | null, on: ListenerEvents, log: Logger): Listener {
  if (tls === null) {
    const server = createServer((socket) => {
      on.arrived(socket);
      on.ready(socket, socket);
    });
    return { server, useKeys: () => {} };
  }
  // TLS does not tell which connection it was made on, but only one comes from an address and port.
  const arrived = new Map<string, Socket>();
  const server = createTlsServer(
    {
      ...contextOf(tls),
      requestCert: true,
      // Without a certificate a box may come in by its password; one that is shown is looked at either way.
      rejectUnauthorized: tls.requireCertificates,
      handshakeTimeout: HANDSHAKE_MS,
    },
    (socket) => {
      const under = arrived.get(endOf(socket));
      if (under === undefined) socket.destroy();
      else on.ready(socket, under);
    },
  );
  server.on('connection', (socket: Socket) => {
    const end = endOf(socket);
    arrived.set(end, socket);
    socket.on('close', () => arrived.delete(end));
    on.arrived(socket);
  });
  server.on('tlsClientError', (error, socket) =>
    log.debug({ from: socket.remoteAddress, reason: error.message }, 'TLS handshake failed'),
  );
  const useKeys = (keys: ServerKeys) => (server as TlsServer).setSecureContext(contextOf({ ...tls, keys }));
  return { server, useKeys };
}

function contextOf({ keys, authority }: BrokerTls) {
  return { ...keys, ca: authority, allowPartialTrustChain: true, minVersion: 'TLSv1.2' } as const;
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
