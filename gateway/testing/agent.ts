/** An agent as the wire knows it: a real MQTT client that publishes the contract's messages and collects what it is sent. */
import {
  type Ack,
  type AgentTopics,
  agentTopics,
  type BoxCommand,
  type CameraCommand,
  type Command,
  type Detection,
  newId,
  parseAck,
  parseCommand,
  sha256,
  type UpdateCommand,
} from '@roadwatch/contract';
import { connectAsync, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import type { AgentName } from '../src/cameras/source.ts';

export class TestAgent {
  readonly name: AgentName;
  readonly topics: AgentTopics;
  readonly client: MqttClient;
  readonly acks: Ack[] = [];
  readonly commands: Command[] = [];
  #waiting: (() => void)[] = [];

  static async connect(url: string, name: AgentName, password: string): Promise<TestAgent> {
    const id = `${name.site}/${name.agent}`;
    const client = await connectAsync(url, { clientId: id, username: id, password, reconnectPeriod: 0 });
    const agent = new TestAgent(client, name);
    onTestFinished(() => client.endAsync(true));
    await client.subscribeAsync([agent.topics.ack, agent.topics.commands], { qos: 1 });
    return agent;
  }

  private constructor(client: MqttClient, name: AgentName) {
    this.client = client;
    this.name = name;
    this.topics = agentTopics(name.site, name.agent);
    client.on('message', (topic, payload) => {
      const ack = topic === this.topics.ack ? parseAck(payload) : null;
      if (ack?.ok) this.acks.push(ack.value);
      const command = topic === this.topics.ack ? null : parseCommand(payload);
      if (command?.ok) this.commands.push(command.value);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  async send(topic: string, payload: string | Uint8Array): Promise<string> {
    const bytes = Buffer.from(payload as string);
    await this.client.publishAsync(topic, bytes, { qos: 1 });
    return sha256(bytes);
  }

  /** Publishes and waits for the application's acknowledgement. */
  async deliver(topic: string, payload: string | Uint8Array): Promise<Verdict> {
    return this.verdictOn(await this.send(topic, payload));
  }

  async report(changes: Partial<Detection> = {}): Promise<Detection> {
    const detection = sampleDetection({ ...this.name, ...changes });
    await this.deliver(this.topics.detections(detection.camera), JSON.stringify(detection));
    return detection;
  }

  async verdictOn(name: string): Promise<Verdict> {
    for (;;) {
      for (const ack of this.acks) {
        if (ack.stored.includes(name)) return { stored: true };
        const refused = ack.refused.find((entry) => entry.sha256 === name);
        if (refused !== undefined) return { stored: false, reason: refused.reason };
      }
      await this.#message();
    }
  }

  /** The next about a camera. */
  async command(): Promise<CameraCommand> {
    return this.#next((command): command is CameraCommand => 'camera' in command);
  }

  /** The next about settings of the box. */
  async boxCommand(): Promise<BoxCommand> {
    return this.#next(
      (command): command is BoxCommand => command.kind === 'box.configure' || command.kind === 'box.confirm',
    );
  }

  /** The next about releases. */
  async update(): Promise<UpdateCommand> {
    return this.#next((command): command is UpdateCommand => command.kind.startsWith('update.'));
  }

  async #next<Kind extends Command>(isKind: (command: Command) => command is Kind): Promise<Kind> {
    for (;;) {
      const found = this.commands.find(isKind);
      if (found !== undefined) {
        this.commands.splice(this.commands.indexOf(found), 1);
        return found;
      }
      await this.#message();
    }
  }

  #message(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export type Verdict = { readonly stored: true } | { readonly stored: false; readonly reason: string };

const AT = '2026-11-23T08:15:30.250Z';

export function sampleDetection(changes: Partial<Detection> = {}): Detection {
  return {
    v: 1,
    id: newId(),
    revision: 1,
    event: 'opened',
    site: 'binjiang',
    agent: 'edge-1',
    camera: 'binsheng-road',
    damageClass: 'pothole',
    score: 0.8,
    box: [0.4, 0.6, 0.1, 0.05],
    frame: { width: 1920, height: 1080 },
    firstSeenAt: AT,
    verifiedAt: AT,
    lastSeenAt: AT,
    capturedAt: AT,
    publishedAt: AT,
    observations: { seen: 3, looked: 4 },
    model: { name: 'road-damage-nano', version: '1', sha256: sha256('model') },
    evidence: [],
    ...changes,
  };
}
