/**
 * Live views: the first viewer of a camera has its agent connect to us and push video, which is passed on to all who watch;
 * when the last has left, the agent is told to stop. Edge boxes need no open port, and a camera is read once however many watch.
 */
import { type LiveOffer, newId } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { AgentCommands } from '../agents/commands.ts';
import type { AgentName } from '../cameras/source.ts';
import { newSecret, secretHash, secretMatches } from '../identity/secret.ts';
import { hangUp } from './hang-up.ts';
import { Viewers } from './viewers.ts';

export interface CameraName extends AgentName {
  readonly camera: string;
}

interface Stream {
  readonly session: string;
  readonly camera: CameraName;
  readonly tokenHash: string;
  /** Settles when the agent says that pictures flow, and how; or why not. */
  readonly started: Promise<LiveOffer>;
  readonly viewers: Viewers;
  agent: WebSocket | null;
  idle: NodeJS.Timeout | null;
}

const START_SECONDS = 20;
const MAX_SECONDS = 900;
/** How long a stream waits for a viewer: the one who asked, or one who reloads the page. */
const IDLE_MS = 5_000;
/** Of an agent that does not say: MPEG-1 is what all know. */
const PLAIN: LiveOffer = { format: 'mpeg1', codec: null, masked: false };
/** WebSocket close codes (RFC 6455, 7.4). */
const GOING_AWAY = 1001;
const POLICY = 1008;

export class LiveRelay {
  readonly #commands: AgentCommands;
  readonly #agentUrl: () => string;
  readonly #log: Logger;
  readonly #streams = new Map<string, Stream>();

  /** `agentUrl`: the ws:// or wss:// address under which agents reach this gateway. */
  constructor(commands: AgentCommands, agentUrl: () => string, log: Logger) {
    this.#commands = commands;
    this.#agentUrl = agentUrl;
    this.#log = log;
  }

  /**
   * Resolves with the session to watch once pictures flow, and how they come. `plays`: the codecs that whoever watches can play as they
   * are. Throws Refusal with the agent's reason.
   */
  async open(
    camera: CameraName,
    plays: readonly string[],
  ): Promise<{ readonly session: string; readonly offer: LiveOffer }> {
    const tried = new Set<Stream>();
    const next = () => this.#of(camera).find((stream) => !tried.has(stream));
    // Looked for anew each time, since others who waited, too, may have started what is wanted.
    for (let stream = next(); stream !== undefined; stream = next()) {
      tried.add(stream);
      const offer = await stream.started;
      if (this.#streams.has(stream.session) && isAsOffered(offer, plays))
        return { session: stream.session, offer };
    }
    const stream = this.#start(camera, plays);
    return { session: stream.session, offer: await stream.started };
  }

  /** Null for a session that is over; else its camera, of which the socket now gets every packet. */
  watch(session: string, socket: WebSocket): CameraName | null {
    const stream = this.#streams.get(session);
    if (stream === undefined) return null;
    stream.viewers.add(socket);
    this.#settleIdle(stream);
    socket.on('close', () => {
      stream.viewers.remove(socket);
      this.#settleIdle(stream);
    });
    return stream.camera;
  }

  /** The agent's end; the token works once. */
  attach(session: string, token: string, socket: WebSocket): void {
    const stream = this.#streams.get(session);
    if (stream === undefined || stream.agent !== null || !secretMatches(token, stream.tokenHash)) {
      socket.close(POLICY, 'unknown session');
      return;
    }
    stream.agent = socket;
    socket.on('message', (packets: Buffer, isBinary) => {
      // What comes while the connection is being closed is no longer allowed.
      if (isBinary && this.#streams.get(session) === stream) stream.viewers.push(packets);
    });
    socket.on('close', () => this.#end(stream, 'the agent has ended it'));
  }

  /** The agent's access has changed: what it pushes was allowed before. */
  shutOut({ site, agent }: AgentName): void {
    for (const stream of [...this.#streams.values()])
      if (stream.camera.site === site && stream.camera.agent === agent)
        this.#end(stream, 'the agent may connect no more, or has a new password');
  }

  stop(): void {
    for (const stream of [...this.#streams.values()]) this.#end(stream, 'the gateway stops');
  }

  #of({ site, agent, camera }: CameraName): Stream[] {
    return [...this.#streams.values()].filter(
      ({ camera: other }) => other.site === site && other.agent === agent && other.camera === camera,
    );
  }

  #start(camera: CameraName, plays: readonly string[]): Stream {
    const session = newId();
    const token = newSecret();
    const url = `${this.#agentUrl()}/api/agents/live/${session}`;
    const start = { kind: 'live.start', camera: camera.camera, session, url, token } as const;
    const started = this.#commands
      .ask(camera, { ...start, maxSeconds: MAX_SECONDS, plays: [...plays] }, START_SECONDS)
      .then(({ live }) => live ?? PLAIN);
    const stream: Stream = {
      session,
      camera,
      tokenHash: secretHash(token),
      started,
      viewers: new Viewers(),
      agent: null,
      idle: null,
    };
    this.#streams.set(session, stream);
    started.then(
      () => this.#settleIdle(stream),
      (error: Error) => this.#end(stream, error.message),
    );
    return stream;
  }

  #settleIdle(stream: Stream): void {
    if (stream.idle !== null) clearTimeout(stream.idle);
    stream.idle =
      stream.viewers.count > 0
        ? null
        : setTimeout(() => this.#end(stream, 'nobody watches any more'), IDLE_MS);
  }

  #end(stream: Stream, reason: string): void {
    if (!this.#streams.delete(stream.session)) return;
    if (stream.idle !== null) clearTimeout(stream.idle);
    const { camera, session } = stream;
    if (stream.agent?.readyState === stream.agent?.OPEN) {
      this.#commands.tell(camera, { kind: 'live.stop', camera: camera.camera, session }, START_SECONDS);
      if (stream.agent !== null) hangUp(stream.agent, GOING_AWAY);
    }
    for (const viewer of stream.viewers.sockets) hangUp(viewer, GOING_AWAY, reason.slice(0, 100));
    this.#log.info({ ...camera, session, reason }, 'live view ended');
  }
}

/** Whether somebody who plays so much would be shown the camera in the same form. */
function isAsOffered({ format, codec, masked }: LiveOffer, plays: readonly string[]): boolean {
  const wouldPass = !masked && codec !== null && plays.includes(codec);
  return wouldPass === (format === 'fmp4');
}
