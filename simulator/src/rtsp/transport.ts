/** The Transport header (RFC 2326 12.39), and the two ways on which packets leave: inside the connection, or by UDP. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { Writable } from 'node:stream';
import { INTERLEAVED_HEADER_BYTES } from './rtp.ts';

export type TransportRequest =
  | { readonly kind: 'tcp'; readonly rtpChannel: number; readonly rtcpChannel: number }
  | { readonly kind: 'udp'; readonly rtpPort: number; readonly rtcpPort: number };

/** The first transport on the client's list that can be served; null for none. @param udp whether that may be one */
export function chooseTransport(header: string, udp: boolean): TransportRequest | null {
  for (const choice of header.split(',')) {
    const [profile = '', ...parameters] = choice.split(';').map((part) => part.trim());
    const range = (name: string): [number, number] | null => {
      const value = parameters.find((parameter) => parameter.toLowerCase().startsWith(`${name}=`));
      const match = /=(\d{1,5})(?:-(\d{1,5}))?$/.exec(value ?? '');
      return match ? [Number(match[1]), Number(match[2] ?? Number(match[1]) + 1)] : null;
    };
    if (parameters.includes('multicast')) continue;
    if (/^RTP\/AVP\/TCP$/i.test(profile)) {
      const [rtpChannel, rtcpChannel] = range('interleaved') ?? [0, 1];
      if (rtpChannel <= 255 && rtcpChannel <= 255) return { kind: 'tcp', rtpChannel, rtcpChannel };
    }
    if (udp && /^RTP\/AVP(\/UDP)?$/i.test(profile)) {
      const [rtpPort, rtcpPort] = range('client_port') ?? [0, 0];
      const valid = (port: number): boolean => port >= 1024 && port <= 65535;
      if (valid(rtpPort) && valid(rtcpPort)) return { kind: 'udp', rtpPort, rtcpPort };
    }
  }
  return null;
}

/** Where one session's packets go. */
export interface PacketSink {
  /** Interleaving channel of RTP; 0 where there is none. */
  readonly rtpChannel: number;
  /** Bytes accepted but not yet taken by the network. */
  readonly backlogBytes: number;
  /** Packets as `stamp` lays them out. */
  sendRtp(bytes: Buffer, offsets: readonly number[]): void;
  sendRtcp(packet: Buffer): void;
}

export function interleavedSink(stream: Writable, rtpChannel: number, rtcpChannel: number): PacketSink {
  return {
    rtpChannel,
    get backlogBytes() {
      return stream.writableLength;
    },
    sendRtp: (bytes) => {
      if (stream.writable) stream.write(bytes);
    },
    sendRtcp: (packet) => {
      if (!stream.writable) return;
      const header = Buffer.from([0x24, rtcpChannel, packet.length >> 8, packet.length & 0xff]);
      stream.write(Buffer.concat([header, packet]));
    },
  };
}

/** An even port for RTP with the odd one above it for RTCP (RFC 3550 11), shared by all sessions of a server. */
export class UdpPair {
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;

  private constructor(rtp: UdpSocket, rtcp: UdpSocket) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    // A client that has gone answers with ICMP; its session ends by its own timeout.
    rtp.on('error', () => {});
    rtcp.on('error', () => {});
  }

  static async bind(host: string): Promise<UdpPair> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const rtp = await bound(host, 0);
      if (rtp === null) continue;
      const { port } = rtp.address();
      const rtcp = port % 2 === 0 ? await bound(host, port + 1) : null;
      if (rtcp !== null) return new UdpPair(rtp, rtcp);
      rtp.close();
    }
    throw new Error(`no two neighbouring UDP ports are free on ${host}`);
  }

  sinkTo(address: string, rtpPort: number, rtcpPort: number): PacketSink {
    return {
      rtpChannel: 0,
      get backlogBytes() {
        return 0;
      },
      sendRtp: (bytes, offsets) => {
        for (const [i, at] of offsets.entries()) {
          const packet = bytes.subarray(at + INTERLEAVED_HEADER_BYTES, offsets[i + 1] ?? bytes.length);
          this.rtp.send(packet, rtpPort, address);
        }
      },
      sendRtcp: (packet) => this.rtcp.send(packet, rtcpPort, address),
    };
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }
}

function bound(host: string, port: number): Promise<UdpSocket | null> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
