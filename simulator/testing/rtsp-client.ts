/** A bare RTSP client for tests: says what it is told to, and hands out every answer and every interleaved packet. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Values of a header that stands several times are joined by line ends. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RtpPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly ssrc: number;
  readonly payload: Buffer;
}

export class RtspClient {
  readonly socket: Socket;
  readonly url: string;
  /** Interleaved packets that nobody has taken yet, by channel. */
  readonly packets: { readonly channel: number; readonly bytes: Buffer }[] = [];
  readonly #answers: Answer[] = [];
  #pending = Buffer.alloc(0);
  #cseq = 0;
  #wake: (() => void) | null = null;
  #session: string | undefined;

  private constructor(socket: Socket, url: string) {
    this.socket = socket;
    this.url = url;
    socket.on('data', (chunk) => {
      this.#take(chunk);
      this.#wake?.();
    });
    socket.on('close', () => this.#wake?.());
    socket.on('error', () => {});
  }

  static async open(url: string): Promise<RtspClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RtspClient(socket, url);
  }

  /** Sends a request and waits for its answer. */
  async ask(method: string, headers: Record<string, string> = {}, uri = this.url): Promise<Answer> {
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${++this.#cseq}`];
    if (this.#session !== undefined) lines.push(`Session: ${this.#session}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return this.answer();
  }

  async answer(): Promise<Answer> {
    const answer = await this.#until(() => this.#answers.shift());
    this.#session = answer.headers.get('session')?.split(';')[0] ?? this.#session;
    return answer;
  }

  /** DESCRIBE, SETUP inside the connection, PLAY. */
  async play(): Promise<Answer> {
    await this.ask('DESCRIBE');
    await this.ask('SETUP', { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }, `${this.url}/trackID=0`);
    return this.ask('PLAY');
  }

  async rtp(channel = 0): Promise<RtpPacket> {
    const bytes = await this.#until(() => this.#shift(channel));
    return {
      sequence: bytes.readUInt16BE(2),
      timestamp: bytes.readUInt32BE(4),
      marker: (bytes[1] ?? 0) >> 7 === 1,
      ssrc: bytes.readUInt32BE(8),
      payload: bytes.subarray(12),
    };
  }

  async rtcp(): Promise<Buffer> {
    return this.#until(() => this.#shift(1));
  }

  /** Resolves once the other end has closed. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  close(): void {
    this.socket.destroy();
  }

  #shift(channel: number): Buffer | undefined {
    const index = this.packets.findIndex((packet) => packet.channel === channel);
    return index < 0 ? undefined : this.packets.splice(index, 1)[0]?.bytes;
  }

  async #until<T>(take: () => T | undefined): Promise<T> {
    for (;;) {
      const value = take();
      if (value !== undefined) return value;
      if (this.socket.closed) throw new Error('the connection was closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      if (this.#pending[0] === 0x24) {
        const end = this.#pending.length < 4 ? Number.POSITIVE_INFINITY : 4 + this.#pending.readUInt16BE(2);
        if (this.#pending.length < end) return;
        this.packets.push({ channel: this.#pending[1] ?? 0, bytes: this.#pending.subarray(4, end) });
        this.#pending = this.#pending.subarray(end);
        continue;
      }
      const headerEnd = this.#pending.indexOf('\r\n\r\n');
      if (headerEnd < 0) return;
      const [first = '', ...lines] = this.#pending.toString('latin1', 0, headerEnd).split('\r\n');
      const headers = new Map<string, string>();
      for (const line of lines) {
        const [name = ''] = line.toLowerCase().split(':');
        const before = headers.get(name);
        const value = line.replace(/^[^:]*:\s*/, '');
        headers.set(name, before === undefined ? value : `${before}\n${value}`);
      }
      const end = headerEnd + 4 + Number(headers.get('content-length') ?? 0);
      if (this.#pending.length < end) return;
      this.#answers.push({
        status: Number(first.split(' ')[1]),
        headers,
        body: this.#pending.toString('utf8', headerEnd + 4, end),
      });
      this.#pending = this.#pending.subarray(end);
    }
  }
}
