/** The gateway as a process that can be killed, started again and again on the same data and ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

export class GatewayChild {
  /** Where its console is, once it has started. */
  url = '';
  readonly #file: string;
  #child: ChildProcess | null = null;

  constructor(configFile: string) {
    this.#file = configFile;
  }

  /** Resolves once it listens; false when it ended before, as when its store is away. */
  async start(): Promise<boolean> {
    const child = spawn(process.execPath, [CLI, '--config', this.#file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      if (line.startsWith('Console: ')) this.url = line.slice('Console: '.length);
      if (line.startsWith('MQTT: ')) return true;
    }
    return false;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
