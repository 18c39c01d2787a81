/** One client's connection: requests in, answers out (RFC 2326 10), for sessions that it set up or names. */
import type { Duplex } from 'node:stream';
import type { Camera } from '../camera/camera.ts';
import type { TrackKind } from '../camera/makers/maker.ts';
import type { Authenticator } from './auth.ts';
import type { Found, StreamDirectory } from './directory.ts';
import { MetadataTrack } from './metadata-track.ts';
import { type RtspInput, RtspReader, type RtspRequest } from './request.ts';
import { formatResponse, type RtspResponse } from './response.ts';
import { describe } from './sdp.ts';
import { type CameraStream, Session, type Track } from './session.ts';
import type { Sessions } from './sessions.ts';
import { SilentTrack } from './silent-track.ts';
import { SoundTrack } from './sound-track.ts';
import { chooseTransport, interleavedSink, type PacketSink, type UdpPair } from './transport.ts';
import { VideoTrack } from './video-track.ts';
import type { Wire } from './wire.ts';

/** A request begun must be finished, and a connection used, within this time. */
const IDLE_TIMEOUT_MS = 15_000;
/** A viewer that takes nothing for this long is gone. */
const STUCK_TIMEOUT_MS = 30_000;

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN';

export interface ConnectionContext {
  readonly auth: Authenticator;
  readonly udp: UdpPair;
  readonly sessions: Sessions;
  readonly directory: StreamDirectory;
}

export class Connection {
  readonly #wire: Wire;
  readonly #stream: Duplex;
  readonly #context: ConnectionContext;
  readonly #reader = new RtspReader();
  readonly #client: string;
  /** The last one set up here. */
  #setUp: Session | null = null;
  #welcomed = new Set<Camera>();
  /** Asked for last: it is in its name that answers go out. */
  #asked: Camera | null;
  /** Something was said while the other end was gone. */
  #unheard = false;
  #lastInputAt = performance.now();
  #lastDrainAt = performance.now();

  constructor(wire: Wire, context: ConnectionContext) {
    const { stream } = wire;
    this.#wire = wire;
    this.#stream = stream;
    this.#context = context;
    this.#client = `${wire.address}:${wire.port}`;
    this.#asked = context.directory.front;
    stream.on('data', (chunk) => this.#onData(chunk));
    stream.on('drain', () => {
      this.#lastDrainAt = performance.now();
    });
    stream.on('error', () => {});
    stream.on('close', () => this.#leave());
  }

  /** Ends what has gone silent; called about once a second. */
  sweep(now: number): void {
    const session = this.#session;
    if (this.#isHalfOpen) return;
    if (this.#unheard) this.#wire.reset();
    if (session === null || this.#reader.isMidMessage) {
      if (now - this.#lastInputAt > IDLE_TIMEOUT_MS) this.#stream.destroy();
    }
    if (session === null) return;
    if (this.#stream.writableLength === 0) this.#lastDrainAt = now;
    if (now - this.#lastDrainAt > STUCK_TIMEOUT_MS) this.#stream.destroy();
  }

  close(): void {
    this.#leave();
    this.#stream.destroy();
  }

  /** What was set up here and goes on; null without one. */
  get #session(): Session | null {
    return this.#setUp === null ? null : (this.#context.sessions.get(this.#setUp.id) ?? null);
  }

  get #serverName(): string | null {
    return this.#asked?.maker.server ?? null;
  }

  get #isHalfOpen(): boolean {
    return [...this.#welcomed].some((camera) => camera.faults.has('half-open'));
  }

  #onData(chunk: Buffer): void {
    this.#lastInputAt = performance.now();
    if (this.#isHalfOpen) this.#unheard = true;
    // Who has been gone knows nothing of the connections of before (RFC 9293 3.5.1).
    else if (this.#unheard) this.#wire.reset();
    if (this.#unheard) return;
    for (const input of this.#reader.push(chunk)) this.#onInput(input);
  }

  #onInput(input: RtspInput): void {
    if (input.kind === 'interleaved') return;
    if (input.kind === 'bad') {
      this.#stream.end(
        formatResponse(
          { status: input.status, headers: { 'X-Reason': input.reason, Connection: 'close' } },
          this.#serverName,
          input.cseq,
        ),
      );
      return;
    }
    const response = this.#answer(input);
    if (response !== null && this.#stream.writable) {
      this.#stream.write(formatResponse(response, this.#serverName, input.headers.get('cseq')));
    }
    // The answer to PLAY goes before the first picture.
    if (response?.status === 200 && input.method === 'PLAY') {
      const session = this.#sessionOf(input);
      session?.play();
      session?.camera.emit('playing', this.#client);
    }
  }

  /** The response, or null where a fault leaves the client without one. */
  #answer(request: RtspRequest): RtspResponse | null {
    if (!/^\d{1,10}$/.test(request.headers.get('cseq') ?? '')) return { status: 400 };
    const unknown = requiredFeatures(request);
    if (unknown !== '') return { status: 551, headers: { Unsupported: unknown } };
    const session = this.#sessionOf(request);
    if (session !== null) session.lastHeardAt = performance.now();
    if (request.method === 'OPTIONS') return { status: 200, headers: { Public: METHODS } };
    const found = this.#find(request, session);
    if (found === undefined) return this.#notFound(request);
    this.#asked = found.camera;
    const refused = this.#refusal(found.camera, request);
    if (refused !== null) return refused;
    switch (request.method) {
      case 'DESCRIBE':
        return this.#describe(found, request);
      case 'SETUP':
        return this.#setup(found, request);
      case 'PLAY':
      case 'PAUSE':
      case 'TEARDOWN':
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return this.#control(request, found, session);
      default:
        return { status: 501, headers: { Public: METHODS } };
    }
  }

  /** The one that it names, set up here or elsewhere; without a name the one that was set up here. */
  #sessionOf(request: RtspRequest): Session | null {
    const named = sessionNamed(request);
    return named === undefined ? this.#session : (this.#context.sessions.get(named) ?? null);
  }

  #find({ uri }: RtspRequest, session: Session | null): Found | undefined {
    // Keep-alives may name the session only.
    if (session !== null && /^(rtsps?:\/\/[^/?]*\/*|\*|\/*)$/i.test(uri)) {
      const { camera, stream } = session;
      return { camera, stream, track: null, url: uri };
    }
    return this.#context.directory.find(uri);
  }

  /** Most makers' cameras ask for the login before they say what they do not have. */
  #notFound(request: RtspRequest): RtspResponse {
    const { front } = this.#context.directory;
    const refused = front?.maker.asksFirst === true ? this.#refusal(front, request) : null;
    return refused ?? { status: 404 };
  }

  #refusal(camera: Camera, request: RtspRequest): RtspResponse | null {
    if (camera.faults.has('refuse')) return { status: 503 };
    const { auth } = this.#context;
    const wrong = camera.faults.has('wrong-auth');
    if (camera.credentials === undefined && !wrong) return null;
    const verdict =
      wrong || camera.credentials === undefined
        ? 'refused'
        : auth.check(camera.credentials, camera.login, request, Date.now());
    if (verdict === 'accepted') return null;
    if (verdict === 'stale') camera.emit('nonce-expired', this.#client);
    else if (request.headers.has('authorization')) camera.emit('refused', this.#client);
    const challenges = auth.challenges(camera.login, Date.now(), verdict === 'stale');
    return { status: 401, headers: { 'WWW-Authenticate': challenges } };
  }

  #describe({ camera, stream, url }: Found, request: RtspRequest): RtspResponse {
    const location = redirection(camera, stream.path, request.uri);
    if (location !== null) return { status: 302, headers: { Location: location } };
    this.#welcomed.add(camera);
    camera.emit('connected', this.#client);
    return {
      status: 200,
      headers: { 'Content-Type': 'application/sdp', 'Content-Base': `${url}/` },
      body: describe({
        maker: camera.maker,
        name: stream.path,
        clip: stream.clip,
        sound: camera.microphone?.sound,
        hasMetadata: camera.hasMetadata,
        url,
        address: this.#wire.localAddress,
        withParameterSets: !camera.faults.has('no-parameter-sets'),
      }),
    };
  }

  #setup(found: Found, request: RtspRequest): RtspResponse {
    const { udp, sessions } = this.#context;
    const named = sessionNamed(request);
    const known = named === undefined ? null : sessions.get(named);
    if (known === undefined) return { status: 454 };
    const kind = found.track ?? 'video';
    if (kind === 'sound' && found.camera.microphone === null) return { status: 404 };
    if (kind === 'metadata' && !found.camera.hasMetadata) return { status: 404 };
    if (known === null ? this.#session !== null : !this.#canAdd(known, found, kind)) return { status: 455 };
    const wanted = chooseTransport(request.headers.get('transport') ?? '', this.#wire.allowsUdp);
    if (wanted === null || (known !== null && sessions.wayOf(known) !== wanted.kind)) return { status: 461 };
    if (known === null && sessions.isFull) return { status: 453 };
    this.#welcomed.add(found.camera);
    const session = known ?? new Session(found);
    const { address } = this.#wire;
    let track: Track;
    let transport: string;
    if (wanted.kind === 'tcp') {
      const { rtpChannel, rtcpChannel } = wanted;
      track = this.#trackOf(session, kind, interleavedSink(this.#stream, rtpChannel, rtcpChannel));
      sessions.add(session, null);
      transport = `RTP/AVP/TCP;unicast;interleaved=${rtpChannel}-${rtcpChannel}`;
    } else {
      // Only ever to where the request came from: a `destination` would let anyone aim the stream at others.
      const { rtpPort, rtcpPort } = wanted;
      track = this.#trackOf(session, kind, udp.sinkTo(address, rtpPort, rtcpPort));
      sessions.add(session, { address, rtcpPort });
      const serverPorts = `${udp.rtp.address().port}-${udp.rtcp.address().port}`;
      transport = `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};server_port=${serverPorts}`;
    }
    session.setUp(kind, track);
    this.#setUp = session;
    const ssrc = track.ssrc.toString(16).padStart(8, '0').toUpperCase();
    return {
      status: 200,
      headers: {
        Transport: `${transport};ssrc=${ssrc}`,
        Session: `${session.id};timeout=${found.camera.sessionSeconds}`,
      },
    };
  }

  /** What is sent inside a connection is set up on it alone. */
  #canAdd(session: Session, { stream }: CameraStream, kind: TrackKind): boolean {
    const isHere = session === this.#session || this.#context.sessions.wayOf(session) === 'udp';
    return isHere && session.stream === stream && !session.has(kind);
  }

  #trackOf(session: Session, kind: TrackKind, sink: PacketSink): Track {
    const { camera } = session;
    if (kind === 'private') return new SilentTrack();
    if (kind === 'metadata') return new MetadataTrack(camera, sink);
    if (kind === 'sound' && camera.microphone !== null) {
      return new SoundTrack(camera, camera.microphone, sink);
    }
    return new VideoTrack(session, sink, () => {
      this.#context.sessions.end(session);
      this.close();
    });
  }

  #control(request: RtspRequest, { camera, url }: Found, session: Session | null): RtspResponse | null {
    if (session === null) {
      const isKeepAlive = request.method.endsWith('_PARAMETER');
      return { status: isKeepAlive && sessionNamed(request) === undefined ? 200 : 454 };
    }
    // The login of one camera opens no other's sessions.
    if (session.camera !== camera) return { status: 454 };
    const headers = { Session: session.id };
    switch (request.method) {
      case 'PLAY':
        return { status: 200, headers: { ...headers, Range: 'npt=now-', 'RTP-Info': session.rtpInfo(url) } };
      case 'PAUSE':
        session.pause();
        return { status: 200, headers };
      case 'TEARDOWN':
        this.#context.sessions.end(session);
        return session.camera.faults.has('no-teardown-answer') ? null : { status: 200, headers };
      default:
        return { status: 200, headers };
    }
  }

  #leave(): void {
    if (this.#setUp !== null) this.#context.sessions.connectionClosed(this.#setUp);
    for (const camera of this.#welcomed) camera.emit('disconnected', this.#client);
    this.#welcomed.clear();
  }
}

/** Where the camera sends on who asks for its stream (RFC 2326 11.3); null when it is here. */
function redirection({ faults }: Camera, path: string, uri: string): string | null {
  const to = faults.get('redirect')?.to;
  if (to === undefined || to === `/${path}`) return null;
  const [origin = ''] = /^rtsps?:\/\/[^/]*/i.exec(uri) ?? [];
  return to.startsWith('/') ? origin + to : to;
}

function sessionNamed({ headers }: RtspRequest): string | undefined {
  return headers.get('session')?.split(';')[0]?.trim();
}

/** What a client cannot do without (RFC 2326 12.27, 12.32): nothing that has a name is done here, such as a backchannel. */
function requiredFeatures({ headers }: RtspRequest): string {
  const named = ['require', 'proxy-require'].flatMap((header) => headers.get(header) ?? []);
  // The client's own text coming back: only what a feature can be called.
  return named.join(', ').replaceAll(/[^\x20-\x7e]/g, '');
}
