/**
 * Between a camera and one ffmpeg: connects, logs in and describes the stream itself, and serves it to that ffmpeg on loopback.
 * So no password is on a command line, ffmpeg speaks to nobody but this process, and what a camera says in RTSP it never sees.
 * By UDP the packets go from the camera to ffmpeg directly.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { CameraAccess } from './access.ts';
import { CameraConnection } from './connection.ts';
import { CameraFault } from './fault.ts';
import { KeyframeTimes } from './keyframe-times.ts';
import { beginsKeyframe } from './keyframes.ts';
import { type RtspMessage, RtspScanner } from './message.ts';
import { isOpenedBy } from './owner.ts';
import type { VideoCodec } from './sdp.ts';

export interface RelayEvents {
  /** So many bytes of video have gone on to ffmpeg. Only inside the connection, not by UDP. */
  onBytes?(bytes: number): void;
}

const SESSION = 'roadwatch';
/** A stream in which nothing flows for this long has ended, whatever the camera thinks. */
const SILENT_MS = 10_000;
const LOOK_MS = 1_000;
/** As long as the rarest keyframes that any camera's settings offer. */
const HOLD_MS = 300_000;
const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN';

export class CameraRelay {
  readonly #access: CameraAccess;
  readonly #events: RelayEvents;
  readonly #token = randomBytes(16).toString('hex');
  readonly #server: Server;
  #url = '';
  #camera: CameraConnection | null = null;
  #client: Socket | null = null;
  #owner: number | null = null;
  /** Answers to ffmpeg that wait for the end of a frame. */
  #answers: string[] = [];
  #isBetweenFrames = true;
  #isPlaying = false;
  #fault: CameraFault | null = null;
  #lastFramesAt = performance.now();
  #playedAt = Number.POSITIVE_INFINITY;
  readonly #keyframes = new KeyframeTimes();
  #watch: NodeJS.Timeout | undefined;
  #closing: Promise<void> | null = null;

  /** Resolves when the camera has let the agent in and described its stream. Throws CameraFault. */
  static async open(access: CameraAccess, events: RelayEvents, signal: AbortSignal): Promise<CameraRelay> {
    const relay = new CameraRelay(access, events);
    try {
      relay.#camera = await CameraConnection.open(
        access,
        {
          onFrames: (bytes, atEnd) => relay.#forward(bytes, atEnd),
          onFrame: (bytes, at) => relay.#look(bytes, at),
          onEnd: (fault) => relay.#fail(fault),
        },
        signal,
      );
      relay.#server.listen(0, access.address.host.includes(':') ? '::1' : '127.0.0.1');
      await once(relay.#server, 'listening', { signal });
      const { address, port, family } = relay.#server.address() as AddressInfo;
      relay.#url = `rtsp://${family === 'IPv6' ? `[${address}]` : address}:${port}/${relay.#token}`;
      return relay;
    } catch (error) {
      await relay.close();
      throw error;
    }
  }

  private constructor(access: CameraAccess, events: RelayEvents) {
    this.#access = access;
    this.#events = events;
    this.#server = createServer({ noDelay: true }, (socket) => void this.#accept(socket));
    this.#server.maxConnections = 4;
  }

  /** For ffmpeg. It is of use to nobody but the process that is admitted. */
  get url(): string {
    return this.#url;
  }
  /** Why the camera's side ended; null while it has not. */
  get fault(): CameraFault | null {
    return this.#fault;
  }
  /** Seconds between the last two keyframes, or of what has come since the last; null before the first, and by UDP. */
  keyframeSeconds(): number | null {
    return this.#keyframes.seconds;
  }
  /** Its packets are another program's to read. */
  readonly pictures = null;
  readonly clockAheadMs = null;
  get codec(): VideoCodec {
    return (this.#camera as CameraConnection).track.codec;
  }
  /** Whether packets come. Not known by UDP. */
  isFlowing(now: number = performance.now()): boolean {
    return this.#isPlaying && now - this.#lastFramesAt < SILENT_MS;
  }

  /** The one process that may connect. */
  admit(pid: number): void {
    this.#owner = pid;
  }

  /** Ends both sides; safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearInterval(this.#watch);
    this.#client?.destroy();
    if (this.#server.listening) this.#server.close();
    await this.#camera?.close();
  }

  #fail(fault: CameraFault): void {
    this.#fault ??= fault;
    // What has come goes on to ffmpeg before the end does.
    this.#client?.end();
    clearInterval(this.#watch);
    void this.#camera?.close();
  }

  async #accept(socket: Socket): Promise<void> {
    socket.on('error', () => {});
    const owner = this.#owner;
    if (
      this.#client !== null ||
      owner === null ||
      !(await isOpenedBy(socket, owner)) ||
      this.#client !== null
    ) {
      socket.destroy();
      return;
    }
    this.#client = socket;
    this.#server.close();
    const scanner = new RtspScanner({
      onMessage: (message) => void this.#onRequest(message),
      // RTCP receiver reports.
      onFrames: (bytes) => {
        if (this.#isPlaying) this.#camera?.write(bytes);
      },
    });
    socket.on('data', (chunk) => {
      try {
        scanner.push(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on('drain', () => this.#camera?.resume());
    socket.on('close', () => void this.close());
  }

  async #onRequest(request: RtspMessage): Promise<void> {
    const [method = '', uri = ''] = request.startLine.split(' ');
    const cseq = request.headers.get('cseq')?.[0] ?? '0';
    const answer = (status: string, headers: Readonly<Record<string, string>> = {}, body = ''): void => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}\r\n`);
      this.#answers.push(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n${lines.join('')}\r\n${body}`);
      if (this.#isBetweenFrames) this.#flushAnswers();
    };
    if (!uri.includes(this.#token)) return answer('404 Not Found');
    try {
      switch (method) {
        case 'DESCRIBE': {
          const { description } = (this.#camera as CameraConnection).track;
          return answer(
            '200 OK',
            { 'Content-Type': 'application/sdp', 'Content-Base': `${this.url}/` },
            description,
          );
        }
        case 'SETUP': {
          const transport = await this.#setup(request.headers.get('transport')?.[0] ?? '');
          // So long that ffmpeg leaves keeping the session alive to this process.
          return answer('200 OK', { Transport: transport, Session: `${SESSION};timeout=86400` });
        }
        case 'PLAY':
          return await this.#play(() => answer('200 OK', { Session: SESSION }));
        case 'TEARDOWN':
          answer('200 OK', { Session: SESSION });
          void this.close();
          return;
        default:
          return answer('200 OK', { Public: METHODS, Session: SESSION });
      }
    } catch (error) {
      this.#fail(
        error instanceof CameraFault ? error : new CameraFault('unreachable', (error as Error).message),
      );
    }
  }

  async #setup(wanted: string): Promise<string> {
    const camera = this.#camera as CameraConnection;
    if (this.#access.transport === 'tcp') {
      const channels = /interleaved=(\d{1,3}-\d{1,3})/.exec(
        await camera.setup('RTP/AVP/TCP;unicast;interleaved=0-1'),
      );
      return `RTP/AVP/TCP;unicast;interleaved=${channels?.[1] ?? '0-1'}`;
    }
    const ports = /client_port=(\d{1,5}-\d{1,5})/.exec(wanted)?.[1];
    const granted = await camera.setup(`RTP/AVP;unicast;client_port=${ports}`);
    const server = /server_port=(\d{1,5}-\d{1,5})/.exec(granted)?.[1];
    if (server === undefined)
      throw new CameraFault('transport', 'the camera does not send by UDP; set transport: tcp');
    return `RTP/AVP/UDP;unicast;client_port=${ports};server_port=${server};source=${camera.remoteAddress}`;
  }

  async #play(answer: () => void): Promise<void> {
    const camera = this.#camera as CameraConnection;
    // Frames may be on the heels of the camera's answer, so ffmpeg has its own before.
    answer();
    this.#isPlaying = true;
    this.#lastFramesAt = performance.now();
    this.#playedAt = performance.now();
    await camera.play();
    if (this.#access.transport === 'udp') return;
    this.#watch = setInterval(() => {
      const silentMs = performance.now() - this.#lastFramesAt;
      // It is not the camera that is slow when ffmpeg does not take what has come.
      if (silentMs < SILENT_MS || this.#client?.writableNeedDrain === true) return;
      this.#fail(
        new CameraFault('stalled', `nothing came from the camera for ${Math.round(silentMs / 1000)} s`),
      );
    }, LOOK_MS);
  }

  #forward(bytes: Buffer, atEnd: boolean): void {
    const client = this.#client;
    if (!this.#isPlaying || client === null || !client.writable) return;
    this.#isBetweenFrames = atEnd;
    // The bytes are the camera's again when this returns.
    if (!client.write(Buffer.from(bytes))) this.#camera?.pause();
    if (atEnd && this.#answers.length > 0) this.#flushAnswers();
    this.#events.onBytes?.(bytes.length);
  }

  #flushAnswers(): void {
    const text = this.#answers.join('');
    this.#answers = [];
    if (this.#client?.writable === true) this.#client.write(text);
  }

  /**
   * What comes before the first keyframe is kept from ffmpeg, which would take it for no video at all; a stream in which no
   * keyframe is seen goes on to it after a while nevertheless.
   */
  #look(bytes: Buffer, at: number): boolean {
    const camera = this.#camera;
    if (camera === null) return false;
    const now = performance.now();
    this.#lastFramesAt = now;
    // Even channels carry RTP, odd ones RTCP (RFC 2326 10.12).
    const isVideo = ((bytes[at + 1] ?? 1) & 1) === 0;
    if (isVideo) {
      const timestamp = bytes.length >= at + 12 ? bytes.readUInt32BE(at + 8) : 0;
      this.#keyframes.note(now, timestamp, () => beginsKeyframe(camera.track.codec, bytes, at + 4));
    }
    return this.#keyframes.hasAny || now - this.#playedAt > HOLD_MS;
  }
}
