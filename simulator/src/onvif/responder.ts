/** The ONVIF side of a simulated camera: a device and a media service over HTTP, and on request an answer to discovery. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials } from '../camera/access.ts';
import { type Answer, answerTo, BEFORE_LOGIN } from './answers.ts';
import type { OnvifDevice, OnvifProfile } from './device.ts';
import { DiscoveryResponder } from './discovery.ts';
import { fault, readQuestion } from './envelope.ts';
import { TokenCheck } from './username-token.ts';

export interface OnvifOptions {
  readonly name: string;
  /** Default: the simulator's own. */
  readonly manufacturer?: string;
  readonly model?: string;
  /** The full picture first; addresses on `host`. */
  readonly profiles: readonly OnvifProfile[];
  readonly credentials?: Credentials;
  /** Default: 127.0.0.1, and any free port. */
  readonly host?: string;
  readonly port?: number;
  /** Whether it answers who looks for cameras on the network of `host`. */
  readonly discoverable?: boolean;
  /** How far its clock is ahead. */
  readonly clockOffsetMs?: number;
  readonly snapshot?: Snapshot;
}

export interface Snapshot {
  /** The picture of now, in JPEG. */
  take(): Promise<Buffer>;
  /** How who asks by HTTP is to log in, as values of WWW-Authenticate; null for who may have it. */
  challenges(request: IncomingMessage): readonly string[] | null;
}

export interface RunningOnvif {
  /** Of the device service. */
  readonly address: string;
  readonly port: number;
  /** Questions since it started that were refused for their login. */
  readonly refusedLogins: number;
  stop(): Promise<void>;
}

const PATHS = { device: '/onvif/device_service', media: '/onvif/media_service' } as const;
const SNAPSHOT = '/onvif/snapshot.jpg';
const MAX_QUESTION = 64 * 1024;

export async function startOnvif(options: OnvifOptions): Promise<RunningOnvif> {
  const { host = '127.0.0.1', port = 0, credentials, clockOffsetMs = 0 } = options;
  const now = (): number => Date.now() + clockOffsetMs;
  const tokens = credentials === undefined ? null : new TokenCheck(credentials, now);
  let refusedLogins = 0;
  let origin = '';
  const device: OnvifDevice = {
    manufacturer: options.manufacturer ?? 'Roadwatch',
    model: options.model ?? 'Simulator',
    ...{ name: options.name, profiles: options.profiles, now },
    users: credentials === undefined ? [] : [credentials.user],
    get address() {
      return origin + PATHS.device;
    },
    get mediaAddress() {
      return origin + PATHS.media;
    },
    get snapshotAddress() {
      return options.snapshot === undefined ? null : origin + SNAPSHOT;
    },
  };
  const answer = async (request: IncomingMessage, service: 'device' | 'media'): Promise<Answer> => {
    const question = readQuestion(await textOf(request));
    if (question === null) return { status: 400, text: fault('WellFormed', 'no SOAP question') };
    if (tokens !== null && !BEFORE_LOGIN.includes(question.name) && !tokens.accepts(question.token)) {
      if (question.token !== null) refusedLogins++;
      return { status: 400, text: fault('NotAuthorized', 'Sender not authorized') };
    }
    return answerTo(question, device, service);
  };
  const server = createServer((request, response) => {
    const service = request.url === PATHS.device ? 'device' : request.url === PATHS.media ? 'media' : null;
    if (request.method === 'GET' && request.url === SNAPSHOT && options.snapshot !== undefined) {
      sendSnapshot(options.snapshot, request, response);
    } else if (request.method !== 'POST' || service === null) {
      response.writeHead(404).end();
    } else {
      answer(request, service).then(
        ({ status, text }) =>
          response.writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(text),
        () => response.destroy(),
      );
    }
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  server.listen(port, host);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  origin = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  const discovery = options.discoverable === true ? await DiscoveryResponder.start(device, host) : null;
  return {
    address: device.address,
    port: bound,
    get refusedLogins() {
      return refusedLogins;
    },
    stop: async () => {
      await discovery?.stop();
      await close(server);
    },
  };
}

function sendSnapshot(snapshot: Snapshot, request: IncomingMessage, response: ServerResponse): void {
  const challenges = snapshot.challenges(request);
  if (challenges !== null) {
    response.writeHead(401, { 'www-authenticate': [...challenges] }).end();
    return;
  }
  snapshot.take().then(
    (jpeg) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg),
    () => response.writeHead(503).end(),
  );
}

/** Throws when it is longer than any question. */
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_QUESTION) throw new Error('the question is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
