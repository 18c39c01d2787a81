/** The gateway as it is run, in a process of its own, with agents and an operator registered. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Role } from '@roadwatch/contract/api';
import { pino } from 'pino';
import { registerAgent } from '../../gateway/src/agents/registry.ts';
import { type Config, readConfig } from '../../gateway/src/config/config.ts';
import { saveUser } from '../../gateway/src/identity/users.ts';
import { openStore } from '../../gateway/src/main.ts';
import type { Store } from '../../gateway/src/store/database.ts';

const GATEWAY = fileURLToPath(new URL('../../gateway/src/cli.ts', import.meta.url));
const BROKER = fileURLToPath(new URL('./broker-process.ts', import.meta.url));
export const SITE = 'bench';
const PASSWORD = 'bench-operator-password';

export interface GatewayProcess {
  readonly config: Config;
  readonly store: Store;
  readonly consoleUrl: string;
  readonly mqttUrl: string;
  readonly pid: number;
  /** By agent name. */
  readonly passwords: ReadonlyMap<string, string>;
  readonly operator: { readonly username: string; readonly password: string };
  stop(): Promise<void>;
}

interface GatewayOptions {
  /** PostgreSQL; left out, SQLite. */
  readonly storeUrl?: string;
  /** Without everything behind the broker. */
  readonly brokerOnly?: boolean;
  /** Of whoever logs in. */
  readonly role?: Role;
  /** Further sections of its configuration. */
  readonly change?: object;
}

export async function startGatewayProcess(
  agents: readonly string[],
  { storeUrl, brokerOnly = false, role = 'operator', change = {} }: GatewayOptions = {},
): Promise<GatewayProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-bench-'));
  const file = join(folder, 'gateway.yaml');
  const store = storeUrl === undefined ? {} : { store: { url: storeUrl } };
  const unlimited = {
    messagesPerMinute: 10_000_000,
    megabytesPerMinute: 1_000_000,
    megabytesPerDay: 100_000_000,
  };
  const sections = {
    agents: { limits: { ...unlimited, cameras: 100_000, openAlerts: 10_000_000 } },
    dataDir: 'data',
    http: { port: 0 },
    broker: { port: 0 },
    log: { level: 'warn' },
    ...store,
    ...change,
  };
  writeFileSync(file, JSON.stringify(sections));
  const config = readConfig(file);
  const opened = await openStore(config, pino({ level: 'silent' }));
  const passwords = new Map<string, string>();
  for (const agent of agents) passwords.set(agent, await registerAgent(opened, { site: SITE, agent }));
  const operator = { username: 'bench', password: PASSWORD };
  await saveUser(opened, { ...operator, role, unitId: null }, { name: 'system', channel: 'cli' });
  const child = spawn(process.execPath, brokerOnly ? [BROKER, file] : [GATEWAY, '--config', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { consoleUrl, mqttUrl } = await addresses(child);
  return {
    config,
    store: opened,
    consoleUrl,
    mqttUrl,
    pid: child.pid as number,
    passwords,
    operator,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await opened.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function addresses(child: ChildProcess): Promise<{ consoleUrl: string; mqttUrl: string }> {
  let consoleUrl = '';
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (line.startsWith('Console: ')) consoleUrl = line.slice('Console: '.length);
    if (line.startsWith('MQTT: ')) return { consoleUrl, mqttUrl: line.slice('MQTT: '.length) };
  }
  throw new Error('the gateway did not start');
}
