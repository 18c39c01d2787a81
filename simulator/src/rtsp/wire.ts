/** What carries an RTSP connection: a TCP socket, in the clear or in TLS, or a pair of HTTP connections. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Wire {
  /** What comes and goes. It closes when the connection is over. */
  readonly stream: Duplex;
  /** Of the other end. */
  readonly address: string;
  readonly port: number;
  /** Of this end. */
  readonly localAddress: string;
  /** Whether packets may go beside it by UDP: what is secret, or has to get through a proxy, stays inside. */
  readonly allowsUdp: boolean;
  /** Ends it as somebody who knows nothing of it (RFC 9293 3.5.1). */
  reset(): void;
}

export function wireOf(socket: Socket, isSecure: boolean): Wire {
  socket.setNoDelay(true);
  return {
    stream: socket,
    ...endsOf(socket),
    allowsUdp: !isSecure,
    reset: () => {
      // Inside TLS there is no such thing.
      if (isSecure) socket.destroy();
      else socket.resetAndDestroy();
    },
  };
}

export function endsOf(socket: Socket): Pick<Wire, 'address' | 'port' | 'localAddress'> {
  const { remoteAddress = '', remotePort = 0, localAddress = '127.0.0.1' } = socket;
  return { address: remoteAddress, port: remotePort, localAddress };
}
