/**
 * The whole of Roadwatch on this machine, each program in its own process, set up by the files and commands that an
 * installer would use: simulated cameras, a gateway with its embedded broker and store, and an agent.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Child, type LogLine, runToEnd } from './child.ts';

const SITE = 'binjiang';
const AGENT = 'edge-1';

export interface LoopOptions {
  readonly folder: string;
  /** What the cameras show: files, folders, or `scene:NAME`. */
  readonly sources: readonly string[];
  readonly consolePort: number;
  readonly model: string;
  onSimulatorLog?(line: LogLine): void;
  onAgentLog?(line: LogLine): void;
}

export interface Loop {
  readonly consoleUrl: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly cameraUrls: readonly string[];
  /** Resolves, with the name and the reason, when one of the programs ends before `stop`. */
  readonly broken: Promise<string>;
  /** Ends every program, the agent first, so that what it has seen is handed over. */
  stop(): Promise<void>;
}

export async function startLoop(options: LoopOptions): Promise<Loop> {
  const { folder } = options;
  const children: Child[] = [];
  const start = (name: string, script: string, args: string[], onLog?: (line: LogLine) => void): Child => {
    const child = new Child(name, script, args, {
      logFile: join(folder, `${name}.log`),
      ...(onLog ? { onLog } : {}),
    });
    children.push(child);
    return child;
  };
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const child of children.toReversed()) await child.stop();
  };

  try {
    const gatewayConfig = writeConfig(folder, 'gateway', {
      dataDir: 'gateway',
      http: { port: options.consolePort },
      broker: { port: 0 },
    });
    const simulator = start(
      'simulator',
      'simulator/src/cli.ts',
      ['--port', '0', ...options.sources.flatMap((source) => ['--source', source])],
      options.onSimulatorLog,
    );
    const gateway = start('gateway', 'gateway/src/cli.ts', ['--config', gatewayConfig]);
    const [, consoleUrl] = await gateway.line(/^Console: (\S+)/);
    const [, mqttUrl] = await gateway.line(/^MQTT: (\S+)/);
    const [, username, password] = await gateway.line(/^Login: (\S+)\s+Password: (\S+)/);
    const registered = await runToEnd(
      'agents-add',
      'gateway/src/cli.ts',
      ['agents', 'add', `${SITE}/${AGENT}`, '--config', gatewayConfig],
      join(folder, 'gateway.log'),
    );
    const agentPassword = /Password: (\S+)/.exec(registered.join('\n'))?.[1];
    if (agentPassword === undefined)
      throw new Error('the gateway registered the agent but printed no password');
    const cameraUrls = await urlsOf(simulator, options.sources.length);
    writeFileSync(join(folder, 'agent-password'), agentPassword, { mode: 0o600 });
    const agentConfig = writeConfig(folder, 'agent', {
      site: SITE,
      agent: AGENT,
      dataDir: 'agent',
      model: options.model,
      mqtt: { url: mqttUrl, passwordFile: 'agent-password' },
      health: { port: 0 },
      cameras: cameraUrls.map((url, index) => camera(url, index)),
    });
    start('agent', 'agent/src/cli.ts', ['--config', agentConfig], options.onAgentLog);
    const broken = Promise.race(
      children.map(async (child) => {
        const code = await child.exited;
        if (stopping) return new Promise<never>(() => {});
        return `${child.name} ended (${code}): ${child.lastWords()}`;
      }),
    );
    return {
      consoleUrl: consoleUrl as string,
      login: { username: username as string, password: password as string },
      cameraUrls,
      broken,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One URL a source at least; a folder of pictures brings one for each picture. */
async function urlsOf(simulator: Child, sources: number): Promise<string[]> {
  await simulator.nthLine(/^rtsp:\/\//, sources);
  return simulator.lines.filter((line) => line.startsWith('rtsp://'));
}

function camera(url: string, index: number): object {
  const number = index + 1;
  return {
    id: `camera-${number}`,
    name: { en: `Street camera ${number}`, zh: `街道摄像机 ${number}` },
    url,
    position: { latitude: 30.2084 + index * 0.002, longitude: 120.2123 + index * 0.002 },
  };
}

function writeConfig(folder: string, name: string, config: object): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}
