/** A whole gateway for one test, on free ports and in a folder of its own, ended with the test. */
import { join } from 'node:path';
import type { Role } from '@roadwatch/contract/api';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { registerAgent } from '../src/agents/registry.ts';
import type { Config } from '../src/config/config.ts';
import { saveUser } from '../src/identity/users.ts';
import { type BodyLimits, openStore, startGateway } from '../src/main.ts';
import type { Store } from '../src/store/database.ts';
import { TestAgent } from './agent.ts';
import { checkAnswers } from './answers.ts';
import { type Settings, testConfig } from './config.ts';
import { TestOperator } from './operator.ts';
import { newStoreUrl } from './store.ts';

export const PASSWORD = 'correct horse battery';

export class TestGateway {
  readonly config: Config;
  /** What it has logged. */
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  #running: Awaited<ReturnType<typeof startGateway>> | null = null;
  #stores: Store[] = [];
  readonly #problems: string[] = [];

  readonly #limits: BodyLimits;

  constructor(config: Config, limits: BodyLimits = {}) {
    this.config = config;
    this.#limits = limits;
  }

  get url(): string {
    return this.#now().consoleUrl;
  }

  get mqttUrl(): string {
    return this.#now().mqttUrl;
  }

  get firstLogin(): { readonly username: string; readonly password: string } | null {
    return this.#now().firstLogin;
  }

  async start(): Promise<this> {
    const write = (line: string): number => this.lines.push(JSON.parse(line));
    this.#running = await startGateway(this.config, pino({ level: 'info', base: null }, { write }), {
      consoleDir: join(this.config.dataDir, 'console'),
      limits: this.#limits,
      onServer: (server) => checkAnswers(server, this.#problems),
    });
    return this;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** The store as another process would open it, such as the command line's. */
  async store(): Promise<Store> {
    const store = await openStore(this.config, pino({ level: 'silent' }));
    this.#stores.push(store);
    return store;
  }

  async agent(site = 'binjiang', name = 'edge-1'): Promise<TestAgent> {
    const password = await registerAgent(await this.store(), { site, agent: name });
    return TestAgent.connect(this.mqttUrl, { site, agent: name }, password);
  }

  async operator(role: Role = 'operator', username: string = role, unitId: string | null = null) {
    const actor = { name: 'system', channel: 'cli' };
    await saveUser(await this.store(), { username, password: PASSWORD, role, unitId }, actor);
    return TestOperator.login(this.url, username, PASSWORD);
  }

  /** Throws when an answer was not as its route declares it. */
  async end(): Promise<void> {
    await this.stop();
    for (const store of this.#stores) await store.close();
    if (this.#problems.length > 0)
      throw new Error(`answers beside the contract:\n${this.#problems.join('\n')}`);
  }

  #now() {
    if (this.#running === null) throw new Error('the gateway is not running');
    return this.#running;
  }
}

export async function testGateway(settings: Settings = {}, limits?: BodyLimits): Promise<TestGateway> {
  const url = await newStoreUrl();
  const gateway = new TestGateway(
    testConfig({ ...(url === undefined ? {} : { store: { url } }), ...settings }),
    limits,
  );
  onTestFinished(() => gateway.end());
  return gateway.start();
}
