/** nginx and Caddy as deploy/ sets them up: their very files, with only addresses, certificates and folders changed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { makeCertificate } from '../../../gateway/testing/certificate.ts';
import { temporaryFolder } from '../../support/temp.ts';

export type ProxyKind = 'nginx' | 'caddy';
const FILES = { nginx: 'nginx/roadwatch.conf', caddy: 'caddy/Caddyfile' } as const;
const MQTT = { nginx: 'roadwatch-mqtt.conf', caddy: 'mqtt.caddy' } as const;
const PATH = `${process.env.PATH}:/usr/sbin`;

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Resolves with the PEM of its certificate once it listens. `path`: under which it passes requests on, `/` or such as `/roads/`. */
export async function startProxy(
  kind: ProxyKind,
  {
    port,
    gateway,
    path = '/',
    broker,
  }: {
    readonly port: number;
    readonly gateway: string;
    readonly path?: string;
    /** Where it listens for websockets; left out: nothing is passed on to it. */
    readonly broker?: string;
  },
): Promise<string> {
  const folder = await temporaryFolder();
  const { cert, key } = makeCertificate(folder);
  const deployed = fileURLToPath(new URL(`../../../deploy/${FILES[kind]}`, import.meta.url));
  const parts = [deployed, ...(broker === undefined ? [] : [join(dirname(deployed), MQTT[kind])])];
  const texts = await Promise.all(parts.map((part) => readFile(part, 'utf8')));
  const text = within(kind, texts)
    .replaceAll('127.0.0.1:8080', gateway)
    .replaceAll('127.0.0.1:9001', broker ?? '');
  const file = join(folder, 'proxy.conf');
  await writeFile(
    file,
    kind === 'nginx'
      ? nginxFile(text, { folder, cert, key, port, path })
      : caddyFile(text, { cert, key, port }),
  );
  const args =
    kind === 'nginx'
      ? ['-p', folder, '-c', file, '-e', join(folder, 'error.log')]
      : ['run', '--config', file, '--adapter', 'caddyfile'];
  const env = { ...process.env, PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(kind, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  onTestFinished(() => stop(child));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${kind} ended: ${said}`);
    await delay(50);
  }
  return readFile(cert, 'utf8');
}

/** The file with the way to the broker where its comment says that it belongs. */
function within(kind: ProxyKind, [text = '', mqtt]: readonly string[]): string {
  if (mqtt === undefined) return text;
  const [before, block] = kind === 'nginx' ? ['  location / {', mqtt] : ['\treverse_proxy', mqtt];
  return text.replace(before, `${block}\n${before}`);
}

interface Changed {
  readonly cert: string;
  readonly key: string;
  readonly port: number;
}

function nginxFile(
  text: string,
  { folder, cert, key, port, path }: Changed & { readonly folder: string; readonly path: string },
): string {
  const servers = text
    .replace('listen 443 ', `listen 127.0.0.1:${port} `)
    .replace('listen 80;', `listen unix:${folder}/http.sock;`)
    .replace('/etc/nginx/roadwatch/cert.pem', cert)
    .replace('/etc/nginx/roadwatch/key.pem', key)
    .replace('proxy_set_header Host $host;', 'proxy_set_header Host $host:$server_port;')
    .replace('location / {', `location ${path} {`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  return `worker_processes 1; daemon off; pid ${folder}/pid; events { worker_connections 256; }
http { access_log off; ${temporary}\n${servers}\n}`;
}

function caddyFile(text: string, { cert, key, port }: Changed): string {
  const site = text.replace('roadwatch.example.org {', `https://127.0.0.1:${port} {\n\ttls ${cert} ${key}`);
  return `{\n\tadmin off\n\tauto_https off\n}\n${site}`;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
