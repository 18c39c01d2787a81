/** A broker for anybody on this machine that keeps nothing on disk, so that what it held is lost when it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const PATH = `${process.env.PATH}:/usr/sbin`;

export class Mosquitto {
  readonly port: number;
  readonly #file: string;
  #child: ChildProcess | null = null;

  static async start(folder: string): Promise<Mosquitto> {
    const port = await freePort();
    const file = join(folder, 'mosquitto.conf');
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
    const broker = new Mosquitto(port, file);
    await broker.start();
    return broker;
  }

  private constructor(port: number, file: string) {
    this.port = port;
    this.#file = file;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Resolves once it takes connections. */
  async start(): Promise<void> {
    const child = spawn('mosquitto', ['-c', this.#file], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PATH },
    });
    this.#child = child;
    let said = '';
    for await (const chunk of child.stderr) {
      said += chunk;
      if (!/mosquitto version \S+ running/.test(said)) continue;
      child.stderr.resume();
      return;
    }
    throw new Error(`mosquitto ended: ${said}`);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
