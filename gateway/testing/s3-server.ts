/** A real S3 server, versitygw over a folder, which can be stopped and started again on the same address. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AwsClient } from 'aws4fetch';
import { onTestFinished } from 'vitest';

const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const KEYS = { accessKeyId: 'roadwatch', secretAccessKey: 'a secret of the evidence store' };
const BUCKET = 'roadwatch';

/** Why there is no server; null when it can be built, or is given by ROADWATCH_VERSITYGW. */
export const NO_S3_SERVER =
  process.env.ROADWATCH_VERSITYGW !== undefined || spawnSync('go', ['version']).status === 0
    ? null
    : 'S3 is not tested: versitygw is built with Go (https://go.dev/dl), or given by ROADWATCH_VERSITYGW';

/** The path of the program. Built by Go as the module has it, which takes minutes the first time. */
export async function buildS3Server(folder: string): Promise<string> {
  const given = process.env.ROADWATCH_VERSITYGW;
  if (given !== undefined) return given;
  await promisify(execFile)('go', ['install', MODULE], {
    cwd: folder,
    env: { ...process.env, GOBIN: folder, GOTOOLCHAIN: 'auto' },
  });
  return join(folder, 'versitygw');
}

export class S3Server {
  readonly endpoint: string;
  readonly folder: string;
  readonly #program: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  /** With one empty bucket. */
  static async start(program: string): Promise<S3Server> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, 'close');
    const server = new S3Server(program, port);
    onTestFinished(async () => {
      await server.down();
      rmSync(server.folder, { recursive: true });
    });
    await server.up();
    const client = new AwsClient({ ...KEYS, region: 'us-east-1', service: 's3' });
    const made = await client.fetch(`${server.endpoint}/${BUCKET}`, { method: 'PUT' });
    if (!made.ok) throw new Error(await made.text());
    return server;
  }

  private constructor(program: string, port: number) {
    this.#program = program;
    this.#port = port;
    this.endpoint = `http://127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), 'roadwatch-s3-'));
    for (const name of ['objects', 'metadata']) mkdirSync(join(this.folder, name));
  }

  /** As a configuration says it. */
  get section() {
    return { endpoint: this.endpoint, bucket: BUCKET, ...KEYS };
  }

  /** Where the server keeps an object. */
  pathOf(key: string): string {
    return join(this.folder, 'objects', BUCKET, key);
  }

  async up(): Promise<void> {
    const [objects, metadata] = ['objects', 'metadata'].map((name) => join(this.folder, name)) as [
      string,
      string,
    ];
    const listen = ['--port', `127.0.0.1:${this.#port}`, '--quiet'];
    this.#child = spawn(this.#program, [...listen, 'posix', '--sidecar', metadata, objects], {
      stdio: 'ignore',
      env: { ...process.env, ROOT_ACCESS_KEY: KEYS.accessKeyId, ROOT_SECRET_KEY: KEYS.secretAccessKey },
    });
    while ((await fetch(this.endpoint).catch(() => null)) === null) await delay(20);
  }

  async down(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
