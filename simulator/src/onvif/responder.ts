/** The ONVIF side of a simulated camera: a device and a media service over HTTP, and on request an answer to discovery. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials } from '../camera/access.ts';
import { type Answer, answerTo, BEFORE_LOGIN, type OnvifDevice, type OnvifProfile } from './answers.ts';
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
  /** Its picture of now, in JPEG; without it there is none to be had. */
  snapshot?(): Promise<Buffer>;
}

export interface RunningOnvif {
  /** Of the device service. */
  readonly address: string;
  readonly port: number;
  /** Questions since it started that were refused for their login. */
  readonly refusedLogins: number;
  stop(): Promise<void>;
}

const PATH = '/onvif/device_service';
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
    get address() {
      return origin + PATH;
    },
    get snapshotAddress() {
      return origin + SNAPSHOT;
    },
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const question = readQuestion(await textOf(request));
    if (question === null) return { status: 400, text: fault('WellFormed', 'no SOAP question') };
    if (tokens !== null && !BEFORE_LOGIN.includes(question.name) && !tokens.accepts(question.token)) {
      if (question.token !== null) refusedLogins++;
      return { status: 400, text: fault('NotAuthorized', 'Sender not authorized') };
    }
    return answerTo(question, device);
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === SNAPSHOT && options.snapshot !== undefined) {
      options.snapshot().then(
        (jpeg) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg),
        () => response.writeHead(503).end(),
      );
    } else if (request.method !== 'POST' || request.url !== PATH) {
      response.writeHead(404).end();
    } else {
      answer(request).then(
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
