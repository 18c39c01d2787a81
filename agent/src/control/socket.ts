/**
 * What may be changed of a running agent from its own box: HTTP on a Unix socket in the data folder, which only the agent's user and root
 * can open. The address of /healthz is no place for it: it may be one that others on the network reach.
 */
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type LogLevel as Level, LOG_LEVELS } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { LogLevel } from './log-level.ts';

/** Longer than anything that is asked here. */
const MAX_BYTES = 1_000;
const TIMEOUT_MS = 5_000;

export function controlSocketIn(dataDir: string): string {
  return join(dataDir, 'agent.control');
}

export class ControlSocket {
  readonly #server: Server;

  /** The agent goes on without it where it cannot be had: on a disk that takes nothing, or in a folder with too long a name. */
  static async start(dataDir: string, level: LogLevel, log: Logger): Promise<ControlSocket | null> {
    const path = controlSocketIn(dataDir);
    const server = createServer((request, response) => {
      answer(request, response, level).catch(() => response.destroy());
    });
    server.requestTimeout = TIMEOUT_MS;
    server.maxConnections = 4;
    try {
      // Of an agent that was killed; one that runs holds the folder's lock.
      rmSync(path, { force: true });
      server.listen(path);
      await once(server, 'listening');
      chmodSync(path, 0o600);
      return new ControlSocket(server);
    } catch (error) {
      server.close();
      log.warn({ reason: (error as Error).message }, 'no commands are taken on this box');
      return null;
    }
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, level: LogLevel): Promise<void> {
  if (request.url !== '/log-level') return end(response, 404, {});
  if (request.method === 'GET') return end(response, 200, level.now);
  if (request.method !== 'PUT') return end(response, 405, {});
  const asked = await askedLevel(request);
  if (asked === undefined) return end(response, 400, {});
  end(response, 200, level.ask(asked));
}

/** Undefined: it is none. */
async function askedLevel(request: IncomingMessage): Promise<Level | null | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BYTES) return undefined;
  }
  try {
    const { level } = JSON.parse(text) as { readonly level?: unknown };
    return level === null ? null : LOG_LEVELS.find((known) => known === level);
  } catch {
    return undefined;
  }
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
