/** A box on the wire that takes settings and releases as an agent does, over a line of its own with so many bytes a second. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentStatus,
  type AgentTopics,
  agentTopics,
  type Command,
  newId,
  parseCommand,
  parseRelease,
  releaseBytes,
  sha256,
  timestamp,
  type UpdateReport,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { connectAsync, type MqttClient } from 'mqtt';
import { SITE } from './gateway-process.ts';

export const BYTES_PER_SECOND = 100_000;
/** As often as an agent says how it is. */
const STATUS_MS = 30_000;
const MODEL = { name: 'road-damage-nano', version: '1', sha256: sha256('model') };

interface Addresses {
  readonly mqttUrl: string;
  readonly filesUrl: string;
}

export class FleetBox {
  readonly name: string;
  readonly #client: MqttClient;
  readonly #topics: AgentTopics;
  readonly #filesUrl: string;
  readonly #authorization: string;
  /** Each box comes from an address of its own, as behind lines of their own. */
  readonly #localAddress: string;
  readonly #started = { bootId: newId(), startedAt: timestamp(Date.now()) };
  readonly #timer = setInterval(() => void this.#say().catch(() => {}), STATUS_MS);
  #seq = 0;
  #settings: { readonly id: string; readonly isTried: boolean } | null = null;
  #update: UpdateReport | null = null;
  /** By `performance.now()`, when the last settings were confirmed; null: none were. */
  confirmedAtMs: number | null = null;
  /** The same of the release that it runs. */
  runsAtMs: number | null = null;
  /** Of releases, what came again after a cut included. */
  fetchedBytes = 0;
  cuts = 0;
  /** Called when one of these has become known. */
  onStep: () => void = () => {};
  onFailed: (error: Error) => void = () => {};

  static async connect(
    { mqttUrl, filesUrl }: Addresses,
    name: string,
    password: string,
    at: number,
  ): Promise<FleetBox> {
    const username = `${SITE}/${name}`;
    const client = await connectAsync(mqttUrl, {
      clientId: username,
      username,
      password,
      reconnectPeriod: 0,
    });
    (client.stream as Partial<Socket>).setNoDelay?.(true);
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    const localAddress = `127.1.${at >> 8}.${at & 255}`;
    const box = new FleetBox(client, name, { filesUrl, authorization: `Basic ${login}`, localAddress });
    await client.subscribeAsync(box.#topics.commands, { qos: 1 });
    await box.#say();
    return box;
  }

  private constructor(
    client: MqttClient,
    name: string,
    line: { readonly filesUrl: string; readonly authorization: string; readonly localAddress: string },
  ) {
    this.#client = client;
    this.name = name;
    this.#topics = agentTopics(SITE, name);
    this.#filesUrl = line.filesUrl;
    this.#authorization = line.authorization;
    this.#localAddress = line.localAddress;
    client.on('message', (_topic, payload) => {
      const parsed = parseCommand(payload);
      if (parsed.ok) void this.#obey(parsed.value).catch((error: Error) => this.onFailed(error));
      else this.onFailed(new Error(parsed.reason));
    });
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.#client.endAsync(true);
  }

  async #obey(command: Command): Promise<void> {
    if (command.kind === 'box.configure') {
      this.#settings = { id: command.settings.id, isTried: true };
      await this.#answer(command);
    }
    if (command.kind === 'box.confirm') {
      this.#settings = { id: command.settings, isTried: false };
      this.confirmedAtMs = performance.now();
      await this.#answer(command);
      this.onStep();
    }
    // It is told again until it has said so.
    if (command.kind === 'update.offer' && command.rollout !== this.#update?.rollout)
      await this.#fetch(command);
  }

  async #answer({ id }: Command): Promise<void> {
    const settings = this.#settings?.id;
    const reply = { v: WIRE_VERSION, id, at: timestamp(Date.now()), outcome: 'done', settings };
    await this.#client.publishAsync(this.#topics.reply(id), JSON.stringify(reply), { qos: 1 });
    await this.#say();
  }

  /** Each file is cut off once at a half and goes on from there. */
  async #fetch({ rollout, release: text }: Extract<Command, { kind: 'update.offer' }>): Promise<void> {
    const release = parseRelease(text);
    const { kind, name, version } = release;
    const report = (state: UpdateReport['state']): Promise<void> => {
      const bytes = { receivedBytes: this.fetchedBytes, totalBytes: releaseBytes(release) };
      const of = { rollout, release: { kind, name, version } };
      this.#update = { ...of, ...bytes, state, since: timestamp(Date.now()) };
      return this.#say();
    };
    await report('fetching');
    for (const file of release.files) {
      const hash = createHash('sha256');
      let has = await this.#read(file.sha256, 0, Math.floor(file.bytes / 2), hash);
      this.cuts++;
      has += await this.#read(file.sha256, has, file.bytes, hash);
      if (has !== file.bytes || hash.digest('hex') !== file.sha256)
        throw new Error(`${this.name}: ${file.name} is not what was signed`);
    }
    this.runsAtMs = performance.now();
    await report('running');
    this.onStep();
  }

  /** Reads from `start` on until it has come to `end`, at the pace of the line. Returns how many bytes. */
  async #read(
    hash: string,
    start: number,
    end: number,
    sum: { update(bytes: Buffer): unknown },
  ): Promise<number> {
    const sent = request(new URL(`/api/agents/files/${hash}`, this.#filesUrl), {
      headers: { authorization: this.#authorization, range: `bytes=${start}-` },
      localAddress: this.#localAddress,
      agent: false,
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    if (response.statusCode !== 206) throw new Error(`${this.name}: ${response.statusCode} for a file`);
    const began = performance.now();
    let has = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const wanted = chunk.subarray(0, end - start - has);
      sum.update(wanted);
      has += wanted.length;
      this.fetchedBytes += wanted.length;
      const early = (has / BYTES_PER_SECOND) * 1000 - (performance.now() - began);
      if (early > 1) await delay(early);
      if (has >= end - start) break;
    }
    response.destroy();
    return has;
  }

  async #say(): Promise<void> {
    const at = timestamp(Date.now());
    const settings = this.#settings?.id ?? null;
    const trial =
      this.#settings?.isTried === true
        ? { trial: { id: settings, until: timestamp(Date.now() + 60_000) } }
        : {};
    const status = {
      ...{ v: WIRE_VERSION, site: SITE, agent: this.name, state: 'online', ...this.#started, at },
      ...{ seq: ++this.#seq, version: 'bench', model: MODEL, cameras: 4, outboxDepth: 0 },
      configuration: { version: '0'.repeat(16), appliedAt: at, refused: [], settings, ...trial },
      ...(this.#update === null ? {} : { updates: [this.#update] }),
    } as AgentStatus;
    await this.#client.publishAsync(this.#topics.status, JSON.stringify(status), { qos: 1, retain: true });
  }
}
