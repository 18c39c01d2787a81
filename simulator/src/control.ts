/**
 * Begins and ends faults while cameras play: a small HTTP API on loopback.
 *
 *   GET    /cameras                        what each camera is doing
 *   POST   /cameras/{path}/faults          {"kind": "packet-loss", "rate": 0.05}
 *   DELETE /cameras/{path}/faults/{kind}
 *   GET    /pace                           how late pictures left since this was last asked
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Camera } from './camera/camera.ts';
import { FAULT_KINDS, type FaultKind, parseFault } from './camera/faults.ts';
import { Pace } from './camera/pace.ts';
import type { Stream } from './camera/stream.ts';

const MAX_BODY_BYTES = 4096;

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export interface ControlServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** @param port 0 takes any free one @throws Error when the port cannot be had */
export async function startControl(
  cameras: readonly Camera[],
  urlOf: (stream: Stream) => string,
  port: number,
  pace: Pace = new Pace(),
): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void answer(request, cameras, urlOf, pace)
      .catch((error: Error): Reply => ({ status: 400, body: { error: error.message } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
        response.end(body === undefined ? '' : `${JSON.stringify(body)}\n`);
      });
  });
  server.maxConnections = 50;
  server.requestTimeout = 10_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: Error) => {
    throw new Error(`control port ${port}: ${error.message}`);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  cameras: readonly Camera[],
  urlOf: (stream: Stream) => string,
  pace: Pace,
): Promise<Reply> {
  // A page in a browser on this machine must not reach it under another name (DNS rebinding).
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
    return { status: 403, body: { error: 'Host: expected 127.0.0.1 or localhost' } };
  }
  const [root, path = '', faults, kind, ...rest] = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    .slice(1)
    .split('/');
  if (root === 'pace' && path === '' && request.method === 'GET') return { status: 200, body: pace.take() };
  if (root !== 'cameras' || rest.length > 0) return { status: 404, body: { error: 'no such resource' } };
  if (request.method === 'GET' && path === '') {
    return { status: 200, body: cameras.map((camera) => summary(camera, urlOf)) };
  }
  const camera = cameras.find((candidate) => candidate.path === decodeURIComponent(path));
  if (camera === undefined) return { status: 404, body: { error: `no camera ${JSON.stringify(path)}` } };
  if (request.method === 'GET' && faults === undefined) return { status: 200, body: summary(camera, urlOf) };
  if (faults === 'faults' && request.method === 'POST' && kind === undefined) {
    if (!request.headers['content-type']?.startsWith('application/json')) {
      return { status: 415, body: { error: 'content-type: expected application/json' } };
    }
    await camera.beginFault(parseFault(JSON.parse(await bodyOf(request))));
    return { status: 200, body: summary(camera, urlOf) };
  }
  if (faults === 'faults' && request.method === 'DELETE' && FAULT_KINDS.includes(kind as FaultKind)) {
    camera.endFault(kind as FaultKind);
    return { status: 200, body: summary(camera, urlOf) };
  }
  return { status: 404, body: { error: `expected faults or faults/{kind} of ${FAULT_KINDS.join(', ')}` } };
}

function summary(camera: Camera, urlOf: (stream: Stream) => string): object {
  return {
    path: camera.path,
    url: urlOf(camera.main),
    subUrl: camera.sub === null ? null : urlOf(camera.sub),
    viewers: camera.viewerCount,
    startedAt: camera.startedAtMs === null ? null : new Date(camera.startedAtMs).toISOString(),
    seconds: camera.seconds,
    faults: camera.faults.list(),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) throw new Error(`body: at most ${MAX_BODY_BYTES} bytes`);
  }
  return body;
}
