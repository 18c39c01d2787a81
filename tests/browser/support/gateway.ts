/** A real gateway in a process of its own, with its embedded broker and store in a folder that goes when it ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { fillQueue } from '../../../gateway/testing/full-queue.ts';
import { Child, runToEnd } from '../../../scripts/demo/child.ts';

export interface RunningGateway {
  readonly consoleUrl: string;
  readonly mqttUrl: string;
  readonly login: { readonly username: string; readonly password: string };
  /** Its configuration. */
  readonly file: string;
  /** Registers an agent and returns its password. */
  addAgent(name: string): Promise<string>;
  /** Makes a user, of a unit if it is named, and returns how they sign in. */
  addUser(username: string, role: string, unit?: string): Promise<RunningGateway['login']>;
  /** Puts so many alerts that nobody has judged into its store, without pictures, as years of cameras could. */
  fillQueue(count: number): Promise<void>;
  /** Ends it without a goodbye and starts it again on the same ports. */
  restart(whileDown: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** `config`: further keys of the gateway's configuration. */
export async function startGateway(config: object = {}): Promise<RunningGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-browser-'));
  const file = join(folder, 'gateway.yaml');
  const logFile = join(folder, 'gateway.log');
  const configure = (http: number, broker: number): Promise<void> =>
    writeFile(
      file,
      stringify({ dataDir: 'data', http: { port: http }, broker: { port: broker }, ...config }),
    );
  const start = (): Child => new Child('gateway', 'gateway/src/cli.ts', ['--config', file], { logFile });

  await configure(0, 0);
  let child = start();
  try {
    const consoleUrl = (await child.line(/^Console: (\S+)/))[1] as string;
    const mqttUrl = (await child.line(/^MQTT: (\S+)/))[1] as string;
    const [, username, password] = await child.line(/^Login: (\S+)\s+Password: (\S+)/);
    return {
      consoleUrl,
      mqttUrl,
      login: { username: username as string, password: password as string },
      file,
      addAgent: async (name) => {
        const args = ['agents', 'add', name, '--config', file];
        const lines = await runToEnd('agents add', 'gateway/src/cli.ts', args, join(folder, 'agents.log'));
        const secret = /Password: (\S+)/.exec(lines.join('\n'))?.[1];
        if (secret === undefined) throw new Error('agents add printed no password');
        return secret;
      },
      addUser: async (user, role, unit) => {
        const ofUnit = unit === undefined ? [] : ['--unit', unit];
        const args = ['users', 'add', user, '--role', role, ...ofUnit, '--config', file];
        const lines = await runToEnd('users add', 'gateway/src/cli.ts', args, join(folder, 'users.log'));
        const secret = /Password: (\S+)/.exec(lines.join('\n'))?.[1];
        if (secret === undefined) throw new Error('users add printed no password');
        return { username: user, password: secret };
      },
      fillQueue: (count) => fillQueue(join(folder, 'data'), count),
      restart: async (whileDown) => {
        await child.stop('SIGKILL');
        await configure(Number(new URL(consoleUrl).port), Number(new URL(mqttUrl).port));
        await whileDown();
        child = start();
        await child.line(/^Console: /);
      },
      stop: async () => {
        await child.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
