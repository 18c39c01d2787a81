/**
 * The agent's side of RTSP (RFC 2326): connects to a camera, logs in, follows a redirect where that is allowed, and keeps the
 * session alive. What comes after PLAY is handed on as it comes.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraAccess, CameraAddress } from './access.ts';
import { CameraFault, faultOfSocket, faultOfStatus } from './fault.ts';
import { Login } from './login.ts';
import { type RtspMessage, RtspScanner, statusOf } from './message.ts';
import { redirected } from './redirect.ts';
import { chooseVideo, type VideoTrack } from './sdp.ts';
import { openSocket } from './socket.ts';

export interface ConnectionEvents {
  /** As in ScannerEvents. */
  onFrames(bytes: Buffer, atEnd: boolean): void;
  onFrame(bytes: Buffer, at: number): boolean;
  /** It is over, and nobody asked for that. */
  onEnd(fault: CameraFault): void;
}

const ANSWER_MS = 10_000;
/** All of it, from the first byte to a stream that is described: a camera that says a byte a second is none. */
const OPEN_MS = 30_000;
const TEARDOWN_MS = 500;
const MAX_LOGINS = 2;
/** What a camera promises that says nothing (RFC 2326 12.37). */
const SESSION_SECONDS = 60;

interface Answer extends RtspMessage {
  readonly status: number;
  readonly phrase: string;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(fault: CameraFault): void;
}

export class CameraConnection {
  readonly #access: CameraAccess;
  readonly #events: ConnectionEvents;
  readonly #login: Login;
  readonly #waiting = new Map<number, Waiting>();
  #address: CameraAddress;
  #socket: Socket | null = null;
  #track: VideoTrack | null = null;
  #cseq = 0;
  #session: string | null = null;
  #methods = '';
  #keepAlive: NodeJS.Timeout | undefined;
  #isClosing = false;
  #closing: Promise<void> | null = null;

  /** Resolves when the camera has described its stream. Throws CameraFault. */
  static async open(
    access: CameraAccess,
    events: ConnectionEvents,
    signal: AbortSignal,
  ): Promise<CameraConnection> {
    const late = AbortSignal.timeout(OPEN_MS);
    const giveUp = AbortSignal.any([signal, late]);
    const connection = new CameraConnection(access, events);
    const onAbort = (): void => connection.#destroy();
    giveUp.addEventListener('abort', onAbort);
    try {
      await connection.#open(giveUp);
      return connection;
    } catch (error) {
      connection.#destroy();
      if (late.aborted) throw new CameraFault('unreachable', 'the camera did not answer in time');
      throw error;
    } finally {
      giveUp.removeEventListener('abort', onAbort);
    }
  }

  private constructor(access: CameraAccess, events: ConnectionEvents) {
    this.#access = access;
    this.#events = events;
    this.#address = access.address;
    this.#login = new Login(access.login, access.allowBasic || access.address.tls);
  }

  get track(): VideoTrack {
    return this.#track as VideoTrack;
  }
  /** The address that the camera has on the network. */
  get remoteAddress(): string {
    return (this.#socket?.remoteAddress ?? '').replace(/^::ffff:/, '');
  }

  /** `transport`: the header of the request; the answer's is returned. Throws CameraFault. */
  async setup(transport: string): Promise<string> {
    const answer = await this.#ask('SETUP', this.track.uri, { Transport: transport });
    this.#expectOk(answer);
    const [id = '', ...parameters] = header(answer, 'session').split(';');
    if (!/^[\x21-\x7e]{1,256}$/.test(id))
      throw new CameraFault('unreachable', 'the camera opened no session');
    this.#session = id;
    const timeout = Number(/timeout\s*=\s*(\d{1,6})/i.exec(parameters.join(';'))?.[1] ?? SESSION_SECONDS);
    const everyMs = Math.min(30, Math.max(2, timeout / 2)) * 1000;
    this.#keepAlive = setInterval(() => void this.#stayAlive(), everyMs);
    return header(answer, 'transport');
  }

  async play(): Promise<void> {
    this.#expectOk(await this.#ask('PLAY', this.track.playUri, { Range: 'npt=0.000-' }));
  }

  /** Frames for the camera: RTCP. */
  write(bytes: Uint8Array): void {
    if (this.#socket?.writable === true && this.#socket.writableLength < 65_536) this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket?.pause();
  }
  resume(): void {
    this.#socket?.resume();
  }

  /** Says goodbye; safe to call again, also while that is under way. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearInterval(this.#keepAlive);
    const socket = this.#socket;
    if (socket === null || socket.destroyed) return;
    this.#isClosing = true;
    socket.resume();
    if (this.#session !== null && socket.writable) {
      const { playUri } = this.track;
      await Promise.race([
        this.#ask('TEARDOWN', playUri).catch(() => {}),
        sleep(TEARDOWN_MS, undefined, { ref: false }),
      ]);
    }
    if (socket.closed) return;
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  }

  #destroy(): void {
    this.#isClosing = true;
    this.#socket?.destroy();
  }

  async #open(signal: AbortSignal): Promise<void> {
    for (let redirects = 0; ; redirects++) {
      signal.throwIfAborted();
      await this.#connect(signal);
      const { uri } = this.#address;
      const options = await this.#ask('OPTIONS', uri);
      this.#methods = header(options, 'public');
      const answer = isRedirect(options)
        ? options
        : await this.#ask('DESCRIBE', uri, { Accept: 'application/sdp' });
      if (!isRedirect(answer)) {
        this.#expectOk(answer);
        const base = header(answer, 'content-base') || header(answer, 'content-location') || uri;
        this.#track = chooseVideo(answer.body, /^rtsps?:\/\/[\x21-\x7e]{1,2000}$/i.test(base) ? base : uri);
        return;
      }
      this.#address = redirected(this.#access, this.#address, header(answer, 'location'), redirects);
    }
  }

  async #connect(signal?: AbortSignal): Promise<void> {
    const before = this.#socket;
    this.#socket = null;
    before?.destroy();
    const scanner = new RtspScanner({
      onMessage: (message) => this.#onMessage(message),
      onFrames: (bytes, atEnd) => this.#events.onFrames(bytes, atEnd),
      onFrame: (bytes, at) => this.#events.onFrame(bytes, at),
    });
    let problem: CameraFault | null = null;
    let socket: Socket | null = null;
    const onBytes = (bytes: Buffer): void => {
      try {
        scanner.push(bytes);
      } catch (error) {
        const said = (error as Error).message;
        problem = new CameraFault('not-video', `what answers at this address is no RTSP camera (${said})`);
        socket?.destroy();
      }
    };
    socket = await openSocket(this.#address, this.#access.tls, onBytes, signal);
    if (this.#isClosing) socket.destroy();
    this.#socket = socket;
    socket.on('error', (error) => {
      problem ??= faultOfSocket(error);
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      const fault = problem ?? new CameraFault('ended', 'the camera closed the connection');
      for (const { reject } of this.#waiting.values()) reject(fault);
      this.#waiting.clear();
      clearInterval(this.#keepAlive);
      if (!this.#isClosing && this.#session !== null) this.#events.onEnd(fault);
    });
  }

  /** Logs in where it is asked to, once; a password that is refused is not tried again. */
  async #ask(method: string, uri: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    for (let logins = 0; ; ) {
      const authorization = this.#login.authorization(method, uri);
      const answer = await this.#exchange(method, uri, {
        ...headers,
        ...(authorization === null ? {} : { Authorization: authorization }),
      });
      const information = header(answer, 'authentication-info');
      if (information !== '') this.#login.informed(information);
      if (answer.status !== 401) return answer;
      this.#login.challenged(answer.headers.get('www-authenticate') ?? [], authorization !== null);
      if (++logins > MAX_LOGINS) {
        throw new CameraFault('refused', 'the camera asks for the login again and again');
      }
      const ends = /close/i.test(header(answer, 'connection')) || this.#socket?.readyState !== 'open';
      if (ends && this.#session === null) await this.#connect();
    }
  }

  async #exchange(method: string, uri: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const socket = this.#socket;
    if (socket === null || !socket.writable)
      throw new CameraFault('ended', 'the camera closed the connection');
    const cseq = ++this.#cseq;
    const lines = [
      `${method} ${uri} RTSP/1.0`,
      `CSeq: ${cseq}`,
      'User-Agent: Roadwatch',
      ...(this.#session === null ? [] : [`Session: ${this.#session}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    const answered = new Promise<Answer>((resolve, reject) => this.#waiting.set(cseq, { resolve, reject }));
    answered.catch(() => {});
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const timer = setTimeout(() => {
      this.#waiting.get(cseq)?.reject(new CameraFault('unreachable', 'the camera did not answer in time'));
      this.#waiting.delete(cseq);
    }, ANSWER_MS);
    try {
      return await answered;
    } finally {
      clearTimeout(timer);
    }
  }

  #onMessage(message: RtspMessage): void {
    const status = statusOf(message);
    // A camera may ask things, too (RFC 2326 10.1: OPTIONS, ANNOUNCE, REDIRECT); nothing of it is needed.
    if (status === null) return;
    const [first] = this.#waiting.keys();
    const cseq = Number(header(message, 'cseq') || first);
    const waiting = this.#waiting.get(cseq);
    this.#waiting.delete(cseq);
    waiting?.resolve({ ...message, ...status });
  }

  #expectOk({ status, phrase }: Answer): void {
    if (status < 200 || status > 299) throw faultOfStatus(status, phrase, this.#access.transport);
  }

  async #stayAlive(): Promise<void> {
    const method = /\bGET_PARAMETER\b/.test(this.#methods) ? 'GET_PARAMETER' : 'OPTIONS';
    // Whether the stream goes on is seen by the stream; many cameras answer this with an error, or never.
    await this.#ask(method, this.track.playUri).catch(() => {});
  }
}

function header(message: RtspMessage, name: string): string {
  return message.headers.get(name)?.[0] ?? '';
}

function isRedirect({ status }: Answer): boolean {
  return [301, 302, 303, 305, 307, 308].includes(status);
}
