/** A PostgreSQL server of the system's package for one test file, with nothing of it left afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const PACKAGE = '/usr/lib/postgresql';

export interface PostgresServer {
  /** `postgres://user@host:port`, to which the name of a database is to be added. */
  readonly url: string;
  /** Makes a database and returns its address. */
  create(database: string): Promise<string>;
  /** As a crash of the server does. */
  down(): Promise<void>;
  /** On the same address and data as before. */
  up(): Promise<void>;
  /** Both, one after the other. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = join(PACKAGE, readdirSync(PACKAGE).sort().at(-1) as string, 'bin');
  const owner = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-postgres-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid as number);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'roadwatch', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  execFileSync(join(bin, 'initdb'), init, { ...owner, stdio: 'ignore' });
  const port = await freePort();
  const url = `postgres://roadwatch@127.0.0.1:${port}`;
  const start = async (): Promise<ChildProcess> => {
    const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder];
    const child = spawn(join(bin, 'postgres'), settings, { ...owner, stdio: 'ignore' });
    await ready(`${url}/postgres`);
    return child;
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  return {
    url,
    async create(database) {
      const client = new pg.Client({ connectionString: `${url}/postgres` });
      await client.connect();
      await client.query(`create database ${database}`).finally(() => client.end());
      return `${url}/${database}`;
    },
    down: () => end('SIGQUIT'),
    async up() {
      server = await start();
    },
    async crash() {
      await end('SIGQUIT');
      server = await start();
    },
    async stop() {
      if (server.exitCode === null && server.signalCode === null) await end('SIGINT');
      rmSync(folder, { recursive: true });
    },
  };
}

/** PostgreSQL does not run as root. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 200) throw error;
      await delay(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
