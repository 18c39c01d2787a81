/**
 * The door of the server: the first bytes of a connection tell RTSP from HTTP, in which RTSP comes through proxies. There a GET
 * carries what the server says and a POST, in base64, what the client says; a cookie makes them a pair (QuickTime, "Tunnelling RTSP
 * and RTP over HTTP").
 */
import type { Socket } from 'node:net';
import { Tunnel } from './tunnel.ts';
import { endsOf, type Wire, wireOf } from './wire.ts';

/** A client that has not said by then what it wants is let go. */
const HEAD_TIMEOUT_MS = 15_000;
const MAX_HEAD_BYTES = 16 * 1024;
const TUNNELLED = 'application/x-rtsp-tunnelled';

interface HttpHead {
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
}

export class Entrance {
  readonly #onWire: (wire: Wire) => void;
  readonly #waiting = new Set<Socket>();
  /** By their cookies. */
  readonly #tunnels = new Map<string, Tunnel>();

  /** @param onWire is given every connection over which RTSP is spoken */
  constructor(onWire: (wire: Wire) => void) {
    this.#onWire = onWire;
  }

  accept(socket: Socket, isSecure: boolean): void {
    let head: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const isHttp = looksLikeHttp(head);
      if (isHttp === null) return;
      const end = isHttp ? head.indexOf('\r\n\r\n') : 0;
      if (end < 0 && head.length < MAX_HEAD_BYTES) return;
      socket.off('data', onData);
      socket.pause();
      leave();
      if (end < 0 || end > MAX_HEAD_BYTES) refuse(socket, '431 Request Header Fields Too Large');
      else if (isHttp)
        this.#onHttp(socket, parseHead(head.toString('latin1', 0, end)), head.subarray(end + 4));
      else {
        socket.unshift(head);
        this.#onWire(wireOf(socket, isSecure));
        socket.resume();
      }
    };
    const timer = setTimeout(() => socket.destroy(), HEAD_TIMEOUT_MS);
    const leave = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    };
    this.#waiting.add(socket);
    socket.on('error', () => {});
    socket.on('close', leave);
    socket.on('data', onData);
  }

  /** Lets go of who has not come in yet, and of what came through tunnels. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
    for (const tunnel of this.#tunnels.values()) tunnel.destroy();
  }

  #onHttp(socket: Socket, { method, headers }: HttpHead, rest: Buffer): void {
    const cookie = headers.get('x-sessioncookie') ?? '';
    const known = this.#tunnels.get(cookie);
    if (!/^[\x21-\x7e]{1,200}$/.test(cookie)) refuse(socket, '404 Not Found');
    else if (method === 'POST') {
      if (known === undefined) refuse(socket, '404 Not Found');
      else known.attach(socket, rest);
    } else if (known !== undefined) refuse(socket, '409 Conflict');
    else this.#open(socket, cookie);
  }

  #open(socket: Socket, cookie: string): void {
    socket.setNoDelay(true);
    const head = [
      'HTTP/1.0 200 OK',
      'Connection: close',
      'Cache-Control: no-store',
      `Content-Type: ${TUNNELLED}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const tunnel = new Tunnel(socket);
    this.#tunnels.set(cookie, tunnel);
    tunnel.on('close', () => this.#tunnels.delete(cookie));
    const reset = (): void => void tunnel.destroy();
    this.#onWire({ stream: tunnel, ...endsOf(socket), allowsUdp: false, reset });
  }
}

/** Null while too little has come: no method of RTSP begins so, though GET_PARAMETER nearly does. */
function looksLikeHttp(bytes: Buffer): boolean | null {
  const text = bytes.toString('latin1', 0, 5);
  if (/^(GET |POST )/.test(text)) return true;
  return 'GET '.startsWith(text) || 'POST '.startsWith(text) ? null : false;
}

function parseHead(text: string): HttpHead {
  const [first = '', ...lines] = text.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(':');
    return [name.trim().toLowerCase(), value.join(':').trim()];
  });
  return { method: first.split(' ')[0] ?? '', headers: new Map(headers) };
}

function refuse(socket: Socket, status: string): void {
  socket.resume();
  socket.end(`HTTP/1.0 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
