/**
 * One live view: a camera's feed -> a websocket that the agent opens towards the gateway, so that an edge box needs no open port. It
 * ends with whichever ends first: the gateway's socket, the camera, the agreed time, the agent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { WebSocket } from 'ws';
import { FIRST_PICTURE_MS, type LiveFeed, type OpenFeed } from './feed.ts';

export interface LiveRequest {
  readonly url: string;
  readonly token: string;
  readonly maxSeconds: number;
}

const HANDSHAKE_MS = 10_000;
const CLOSE_MS = 1_000;

export class LiveSession {
  /** Resolves with the reason when all of it has ended. */
  readonly ended: Promise<string>;
  /** As RFC 6381 writes it, of video that is passed on. */
  readonly codecs: string | undefined;
  readonly #end: (reason: string) => void;

  private constructor(ended: Promise<string>, codecs: string | undefined, end: (reason: string) => void) {
    this.ended = ended;
    this.codecs = codecs;
    this.#end = end;
  }

  /** Resolves when the first pictures are on their way; throws one sentence when they are not. */
  static async start(open: OpenFeed, request: LiveRequest, authority?: string): Promise<LiveSession> {
    const socket = await connect(request, authority);
    const finish = Promise.withResolvers<string>();
    const first = Promise.withResolvers<void>();
    socket.once('close', () => finish.resolve('the gateway closed it'));
    const send = (message: Buffer, most: number): boolean => {
      if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > most) return false;
      socket.send(message);
      first.resolve();
      return true;
    };
    const feed = await open(send).catch((error: Error) => {
      socket.terminate();
      throw new Error(`the camera cannot be watched: ${error.message}`);
    });
    void feed.ended.then(finish.resolve);
    let timer: NodeJS.Timeout | undefined;
    const ended = finish.promise.then(async (reason) => {
      clearTimeout(timer);
      await endAll(feed, socket);
      return reason;
    });

    const late = sleep(FIRST_PICTURE_MS, 'late' as const, { ref: false });
    const outcome = await Promise.race([first.promise, finish.promise, late]);
    if (outcome === undefined) {
      timer = setTimeout(() => finish.resolve('the agreed time is over'), request.maxSeconds * 1000);
      return new LiveSession(ended, feed.codecs, finish.resolve);
    }
    finish.resolve(`the camera gave no picture within ${FIRST_PICTURE_MS / 1000} s`);
    throw new Error(await ended);
  }

  async stop(reason: string): Promise<void> {
    this.#end(reason);
    await this.ended;
  }
}

async function connect({ url, token }: LiveRequest, authority?: string): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    ...(authority === undefined ? {} : { ca: [...rootCertificates, authority] }),
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
    // The gateway has nothing to say on it.
    maxPayload: 1024,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) =>
      reject(new Error(`the gateway does not take the live view: ${error.message}`)),
    );
  });
  socket.on('error', () => {});
  return socket;
}

async function endAll(feed: LiveFeed, socket: WebSocket): Promise<void> {
  await feed.stop();
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close(1000);
  await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
  socket.terminate();
}
