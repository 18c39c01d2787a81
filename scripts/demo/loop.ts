/**
 * The whole of Roadwatch on this machine, each program in its own process, set up by the files and commands that an
 * installer would use: simulated cameras, a gateway with its embedded broker and store, and an agent.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Child, type LogLine, runToEnd } from './child.ts';

const SITE = 'binjiang';
const AGENT = 'edge-1';

/** In the order in which they start; they end in the reverse one, so that what an agent has seen is handed over. */
export type ProgramName = 'simulator' | 'gateway' | 'agent';

export interface LoopOptions {
  readonly folder: string;
  /** What the cameras show: files, folders, or `scene:NAME`. */
  readonly sources: readonly string[];
  readonly consolePort: number;
  readonly model: string;
  /** Further keys of the gateway's configuration. */
  readonly gateway?: object;
  onLog?(program: ProgramName, line: LogLine): void;
}

export interface Loop {
  readonly consoleUrl: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly cameraUrls: readonly string[];
  /** Resolves, with the name and the reason, when one of the programs ends by itself. */
  readonly broken: Promise<string>;
  /** Ends one program with the signal and starts it again with the same files and ports; the simulator plays its sources anew. */
  restart(name: ProgramName, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Of the process that runs at present. */
  pidOf(name: ProgramName): number | undefined;
  /** Ends every program and resolves with their exit codes. */
  stop(): Promise<Partial<Record<ProgramName, number | null>>>;
}

export async function startLoop(options: LoopOptions): Promise<Loop> {
  const { folder } = options;
  const running = new Map<ProgramName, Child>();
  const broken = Promise.withResolvers<string>();
  const start = (name: ProgramName, args: readonly string[]): Child => {
    const child = new Child(name, `${name}/src/cli.ts`, args, {
      logFile: join(folder, `${name}.log`),
      onLog: (line) => options.onLog?.(name, line),
    });
    running.set(name, child);
    void child.exited.then((code) => {
      if (running.get(name) === child) broken.resolve(`${name} ended (${code}): ${child.lastWords()}`);
    });
    return child;
  };
  const end = async (name: ProgramName, signal: NodeJS.Signals): Promise<number | null> => {
    const child = running.get(name);
    running.delete(name);
    return child === undefined ? null : child.stop(signal);
  };
  const stop = async (): Promise<Partial<Record<ProgramName, number | null>>> => {
    const codes: Partial<Record<ProgramName, number | null>> = {};
    for (const name of [...running.keys()].toReversed()) codes[name] = await end(name, 'SIGTERM');
    return codes;
  };

  try {
    const startSimulator = (port: string): Child =>
      start('simulator', [
        ...['--port', port, '--wait-for-client'],
        ...options.sources.flatMap((source) => ['--source', source]),
      ]);
    const simulator = startSimulator('0');
    const writeGateway = (consolePort: number, mqttPort: number): string =>
      writeConfig(folder, 'gateway', {
        dataDir: 'gateway',
        http: { port: consolePort },
        broker: { port: mqttPort },
        ...options.gateway,
      });
    const gatewayFile = writeGateway(options.consolePort, 0);
    const gateway = start('gateway', ['--config', gatewayFile]);
    const consoleUrl = (await gateway.line(/^Console: (\S+)/))[1] as string;
    const mqttUrl = (await gateway.line(/^MQTT: (\S+)/))[1] as string;
    const [, username, password] = await gateway.line(/^Login: (\S+)\s+Password: (\S+)/);
    const cameraUrls = await urlsOf(simulator, options.sources.length);
    const agentFile = writeAgentConfig(folder, { model: options.model, cameraUrls });
    await pairAgent(folder, gatewayFile, agentFile, consoleUrl);
    start('agent', ['--config', agentFile]);

    const restart = async (name: ProgramName, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      await end(name, signal);
      switch (name) {
        case 'agent':
          start('agent', ['--config', agentFile]);
          return;
        case 'simulator':
          await urlsOf(startSimulator(new URL(cameraUrls[0] as string).port), options.sources.length);
          return;
        case 'gateway':
          writeGateway(Number(new URL(consoleUrl).port), Number(new URL(mqttUrl).port));
          await start('gateway', ['--config', gatewayFile]).line(/^MQTT: (\S+)/);
      }
    };
    return {
      consoleUrl,
      login: { username: username as string, password: password as string },
      cameraUrls,
      broken: broken.promise,
      restart,
      pidOf: (name) => running.get(name)?.pid,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes the agent and the gateway known to each other, as an installer does. */
async function pairAgent(
  folder: string,
  gatewayFile: string,
  agentFile: string,
  gatewayUrl: string,
): Promise<void> {
  const logFile = join(folder, 'pairing.log');
  const asking = ['agents', 'pair', `${SITE}/${AGENT}`, '--url', gatewayUrl, '--config', gatewayFile];
  const lines = await runToEnd('agents pair', 'gateway/src/cli.ts', asking, logFile);
  const code = /^Code: (\S+)$/m.exec(lines.join('\n'))?.[1];
  if (code === undefined) throw new Error('the gateway printed no pairing code');
  const codeFile = join(folder, 'pairing-code');
  writeFileSync(codeFile, code, { mode: 0o600 });
  const pairing = ['pair', '--code-file', codeFile, '--config', agentFile];
  await runToEnd('agent pair', 'agent/src/cli.ts', pairing, logFile);
  rmSync(codeFile);
}

interface AgentSetup {
  readonly model: string;
  readonly cameraUrls: readonly string[];
}

function writeAgentConfig(folder: string, setup: AgentSetup): string {
  return writeConfig(folder, 'agent', {
    site: SITE,
    agent: AGENT,
    dataDir: 'agent',
    model: setup.model,
    health: { port: 0 },
    cameras: setup.cameraUrls.map(camera),
  });
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
