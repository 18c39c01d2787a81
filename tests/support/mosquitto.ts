/** A real mosquitto on loopback that lets everybody in, with more lines of configuration as a test wants them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temp.ts';

export interface Mosquitto {
  readonly port: number;
  /** At once, as by a power cut. */
  kill(): Promise<void>;
}

/** Its port; it ends with the test. */
export async function startMosquitto(more: readonly string[] = []): Promise<number> {
  return (await runMosquitto(await freePort(), more)).port;
}

/** Ends with the test, if not before. */
export async function runMosquitto(port: number, more: readonly string[] = []): Promise<Mosquitto> {
  const file = join(await temporaryFolder(), 'mosquitto.conf');
  const lines = [
    `user ${userInfo().username}`,
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    ...more,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  onTestFinished(() => end('SIGTERM'));
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (/mosquitto version \S+ running/.test(line)) {
      child.stderr.resume();
      return { port, kill: () => end('SIGKILL') };
    }
  }
  throw new Error(`mosquitto ended: ${said.join('\n')}`);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
