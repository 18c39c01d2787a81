/** Agents that publish detections as fast as a window of unacknowledged ones allows, or at a rate. */
import type { Socket } from 'node:net';
import { type Ack, agentTopics, type Detection, newId, sha256, timestamp } from '@roadwatch/contract';
import { connectAsync, type MqttClient } from 'mqtt';
import { SITE } from './gateway-process.ts';

export interface Published {
  readonly topic: string;
  readonly payload: Buffer;
  readonly sha256: string;
}

/** As agents send them, evidence named and all; `place` is one of many spots on the camera's road. */
export function detection(agent: string, camera: string, place: number): Published {
  const now = timestamp(Date.now());
  const id = newId();
  const still = { kind: 'still', contentType: 'image/jpeg', bytes: 400_000, capturedAt: now } as const;
  const value: Detection = {
    v: 1,
    id,
    revision: 1,
    event: 'opened',
    site: SITE,
    agent,
    camera,
    damageClass: 'pothole',
    score: 0.8,
    box: [0.05 + (place % 8) * 0.11, 0.3 + Math.floor(place / 8) * 0.11, 0.05, 0.04],
    frame: { width: 1920, height: 1080 },
    firstSeenAt: now,
    verifiedAt: now,
    lastSeenAt: now,
    capturedAt: now,
    publishedAt: now,
    observations: { seen: 6, looked: 8 },
    position: { latitude: 30.2, longitude: 120.2 },
    model: { name: 'road-damage-nano', version: '1', sha256: sha256('model') },
    evidence: [{ ...still, name: 'still.jpg', sha256: sha256(id) }],
  };
  const payload = Buffer.from(JSON.stringify(value));
  return { topic: agentTopics(SITE, agent).detections(camera), payload, sha256: sha256(payload) };
}

export class LoadAgent {
  readonly name: string;
  readonly #client: MqttClient;
  /** Called with the names of messages that the gateway has stored. */
  onStored: (names: readonly string[]) => void = () => {};

  static async connect(url: string, name: string, password: string | null): Promise<LoadAgent> {
    const id = `${SITE}/${name}`;
    const login = password === null ? {} : { username: id, password };
    const client = await connectAsync(url, { clientId: id, ...login, reconnectPeriod: 0 });
    // As an agent does.
    (client.stream as Partial<Socket>).setNoDelay?.(true);
    await client.subscribeAsync(agentTopics(SITE, name).ack, { qos: 1 });
    return new LoadAgent(client, name);
  }

  private constructor(client: MqttClient, name: string) {
    this.#client = client;
    this.name = name;
    client.on('message', (_topic, payload) => {
      const ack = JSON.parse(payload.toString()) as Ack;
      if (ack.refused.length > 0) throw new Error(`refused: ${ack.refused[0]?.reason}`);
      this.onStored(ack.stored);
    });
  }

  publish({ topic, payload }: Published): void {
    this.#client.publish(topic, payload, { qos: 1 });
  }

  /** Publishes all, never with more than `window` not yet stored. Resolves when all are. */
  async publishAll(messages: readonly Published[], window: number): Promise<void> {
    const waiting = new Set<string>();
    let next = 0;
    await new Promise<void>((resolve) => {
      const fill = (): void => {
        while (waiting.size < window && next < messages.length) {
          const message = messages[next++] as Published;
          waiting.add(message.sha256);
          this.publish(message);
        }
        if (waiting.size === 0) resolve();
      };
      this.onStored = (names) => {
        for (const name of names) waiting.delete(name);
        fill();
      };
      fill();
    });
  }

  close(): Promise<void> {
    return this.#client.endAsync(true);
  }
}
