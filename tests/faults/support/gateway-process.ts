/** The gateway as a process that can be killed, started again and again on the same data and ports; its store is read beside it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { registerAgent } from '../../../gateway/src/agents/registry.ts';
import { readConfig } from '../../../gateway/src/config/config.ts';
import { saveUser } from '../../../gateway/src/identity/users.ts';
import { openStore } from '../../../gateway/src/main.ts';
import type { Store } from '../../../gateway/src/store/database.ts';
import { Child } from '../../../scripts/demo/child.ts';
import { freePort } from './free-port.ts';

export interface GatewaySetup {
  readonly folder: string;
  /** Of another broker than its own. */
  readonly brokerUrl?: string;
  readonly storeUrl?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Laid over the configuration file. */
  readonly change?: object;
}

const MOST_CAMERAS = 5_000;

export const OPERATOR = { username: 'operator', password: 'correct horse battery' } as const;

export class GatewayProcess {
  readonly url: string;
  readonly mqttUrl: string;
  /** The password of the box. */
  readonly password: string;
  readonly store: Store;
  /** Why it ended, each time that nobody had asked it to. */
  readonly deaths: string[] = [];
  readonly #setup: GatewaySetup;
  readonly #file: string;
  #child: Child | null = null;

  static async prepare(setup: GatewaySetup): Promise<GatewayProcess> {
    const [http, mqtt] = [await freePort(), await freePort()];
    const file = join(setup.folder, 'gateway.yaml');
    const sections = {
      dataDir: 'gateway',
      http: { port: http },
      broker: setup.brokerUrl === undefined ? { port: mqtt } : { url: setup.brokerUrl },
      ...(setup.storeUrl === undefined ? {} : { store: { url: setup.storeUrl } }),
      // Each round brings cameras of its own.
      agents: { limits: { cameras: MOST_CAMERAS } },
      ...setup.change,
    };
    writeFileSync(file, JSON.stringify(sections), { mode: 0o600 });
    const store = await openStore(readConfig(file), pino({ level: 'silent' }));
    const password = await registerAgent(store, { site: 'site', agent: 'box' });
    const actor = { name: 'system', channel: 'cli' };
    await saveUser(store, { ...OPERATOR, role: 'operator', unitId: null }, actor);
    return new GatewayProcess(setup, file, { http, mqtt, password, store });
  }

  private constructor(
    setup: GatewaySetup,
    file: string,
    { http, mqtt, password, store }: { http: number; mqtt: number; password: string; store: Store },
  ) {
    this.#setup = setup;
    this.#file = file;
    this.url = `http://127.0.0.1:${http}/`;
    this.mqttUrl = setup.brokerUrl ?? `mqtt://127.0.0.1:${mqtt}`;
    this.password = password;
    this.store = store;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves once it listens. Throws with its last words when it ends before. */
  async start(): Promise<void> {
    const child = new Child('gateway', 'gateway/src/cli.ts', ['--config', this.#file], {
      logFile: join(this.#setup.folder, 'gateway.log'),
      ...(this.#setup.env === undefined ? {} : { env: this.#setup.env }),
    });
    this.#child = child;
    void child.exited.then((code) => {
      if (this.#child === child) this.deaths.push(`the gateway ended (${code}): ${child.lastWords()}`);
    });
    await child.line(/^MQTT: /);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    return child === null ? null : child.stop(signal);
  }

  /** The process is gone, and so is what reads its store. */
  async close(): Promise<void> {
    await this.end('SIGKILL');
    await this.store.close();
  }
}
