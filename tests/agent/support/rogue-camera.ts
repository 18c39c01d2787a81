/** An RTSP server whose answers a test decides, for cameras that are old, odd, replaced or hostile. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface RogueRequest {
  readonly method: string;
  readonly uri: string;
  readonly authorization: string | undefined;
  readonly transport: string | undefined;
}

interface RogueAnswer {
  readonly status?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export interface RogueCamera {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RogueRequest[];
  /** Connections so far. */
  connections(): number;
  /** Resolves when so many requests of this method have come. */
  asked(method: string, times?: number): Promise<RogueRequest>;
}

export interface RogueOptions {
  /** Undefined: as a camera that hides nothing would answer. */
  answer?(request: RogueRequest, count: number): RogueAnswer | undefined;
  /** After the answer to PLAY. */
  play?(socket: Socket): void;
  readonly sdp?: string;
}

const H264_SDP = [
  ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=x', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=video 0 RTP/AVP 96'],
  ...['a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=1', 'a=control:trackID=0', ''],
].join('\r\n');

export async function rogueCamera(options: RogueOptions = {}): Promise<RogueCamera> {
  const requests: RogueRequest[] = [];
  const waiters = new Set<() => void>();
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const lines = text.slice(text.search(/[A-Z]/), end).split('\r\n');
        text = text.slice(end + 4);
        const [method = '', uri = ''] = (lines[0] ?? '').split(' ');
        const header = (name: string): string | undefined =>
          lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.replace(/^[^:]*: */, '');
        const request = {
          ...{ method, uri },
          ...{ authorization: header('authorization'), transport: header('transport') },
        };
        requests.push(request);
        const count = requests.filter((other) => other.method === method).length;
        const { status, headers, body } = options.answer?.(request, count) ?? plain(request, options.sdp);
        const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
        const head = [
          `RTSP/1.0 ${status ?? '200 OK'}`,
          `CSeq: ${header('cseq')}`,
          ...(headers ?? []),
          ...length,
        ];
        socket.write(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
        if (method === 'PLAY' && (status ?? '200').startsWith('200')) options.play?.(socket);
        for (const wake of waiters) wake();
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `rtsp://127.0.0.1:${port}/live`,
    port,
    requests,
    connections: () => connections,
    asked: async (method, times = 1) => {
      for (;;) {
        const found = requests.filter((request) => request.method === method)[times - 1];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiters.add(resolve));
      }
    },
  };
}

function plain({ method, transport }: RogueRequest, sdp = H264_SDP): RogueAnswer {
  const session = 'Session: 12345678;timeout=60';
  if (method === 'OPTIONS')
    return { headers: ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER'] };
  if (method === 'DESCRIBE') return { headers: ['Content-Type: application/sdp'], body: sdp };
  if (method === 'SETUP') return { headers: [`Transport: ${transport}`, session] };
  return { headers: [session] };
}

/** One unit of H.264 as interleaved RTP packets (RFC 6184 5.8). */
export function packets(unit: Buffer, timestamp: number, sequence: { next: number }): Buffer {
  const out: Buffer[] = [];
  const most = 1_400;
  const add = (payload: Buffer, isLast: boolean): void => {
    const head = Buffer.alloc(16);
    head.writeUInt16BE(0x2400, 0);
    head.writeUInt16BE(12 + payload.length, 2);
    head[4] = 0x80;
    head[5] = 96 | (isLast ? 0x80 : 0);
    head.writeUInt16BE(sequence.next++ & 0xffff, 6);
    head.writeUInt32BE(timestamp >>> 0, 8);
    out.push(head, payload);
  };
  if (unit.length <= most) add(unit, true);
  const first = unit[0] ?? 0;
  for (let at = 1; unit.length > most && at < unit.length; at += most) {
    const isLast = at + most >= unit.length;
    const mark = (at === 1 ? 0x80 : 0) | (isLast ? 0x40 : 0);
    add(
      Buffer.concat([
        Buffer.from([(first & 0xe0) | 28, (first & 0x1f) | mark]),
        unit.subarray(at, at + most),
      ]),
      isLast,
    );
  }
  return Buffer.concat(out);
}

/** The units of an Annex B stream. */
export function units(stream: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = stream.indexOf('\x00\x00\x01', 0, 'latin1'); at >= 0; ) {
    const next = stream.indexOf('\x00\x00\x01', at + 3, 'latin1');
    const end = next < 0 ? stream.length : stream[next - 1] === 0 ? next - 1 : next;
    found.push(stream.subarray(at + 3, end));
    at = next;
  }
  return found;
}
