/** What faults leave of an agent: an outbox that goes on sending. */
import { agentTopics, type Detection, type EvidenceRef, newId, parseAck, sha256 } from '@roadwatch/contract';
import { connect, type MqttClient } from 'mqtt';
import { sampleDetection } from './agent.ts';

/** What an agent's outbox does: sends until acknowledged, and here also twice and out of order. */
export class Outbox {
  readonly waiting = new Map<
    string,
    { readonly topic: string; readonly payload: Buffer; readonly id: string }
  >();
  readonly acked = new Set<string>();
  readonly refused: string[] = [];
  readonly #client: MqttClient;
  readonly #name: string;
  readonly #next: () => number;
  #added = 0;

  constructor(url: string, name: string, password: string, next: () => number) {
    const id = `binjiang/${name}`;
    this.#name = name;
    this.#next = next;
    this.#client = connect(url, {
      clientId: id,
      username: id,
      password,
      reconnectPeriod: 300,
      connectTimeout: 3000,
    });
    this.#client.on('error', () => {});
    this.#client.on('connect', () => this.#client.subscribe(`roadwatch/v1/${id}/ack`, { qos: 1 }, () => {}));
    this.#client.on('message', (_topic, payload) => {
      const ack = parseAck(payload);
      if (!ack.ok) return;
      for (const stored of ack.value.stored) {
        const message = this.waiting.get(stored);
        if (message !== undefined) this.acked.add(message.id);
        this.waiting.delete(stored);
      }
      this.refused.push(...ack.value.refused.map(({ reason }) => reason));
    });
  }

  add(): void {
    const place = Math.floor(this.#next() * PLACES + this.#added++ / SAME_PLACES);
    const changes: Partial<Detection> = { agent: this.#name, camera: `camera-${place}`, id: newId() };
    const pictures = this.#next() < 0.3 ? [this.#picture()] : [];
    const detection = sampleDetection({ ...changes, evidence: pictures.map(({ reference }) => reference) });
    const { detections, evidence } = agentTopics('binjiang', this.#name);
    const { camera, id } = detection;
    const payload = Buffer.from(JSON.stringify(detection));
    this.waiting.set(sha256(payload), { topic: detections(camera), payload, id });
    for (const { reference, bytes } of pictures) {
      const topic = evidence(camera, id, reference.name);
      this.waiting.set(reference.sha256, { topic, payload: bytes, id: reference.sha256 });
    }
  }

  #picture(): { readonly reference: EvidenceRef; readonly bytes: Buffer } {
    const noise = Array.from({ length: 2000 }, () => Math.floor(this.#next() * 256));
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...noise]);
    const reference = {
      name: 'still.jpg',
      kind: 'still',
      contentType: 'image/jpeg',
      sha256: sha256(bytes),
      bytes: bytes.length,
      capturedAt: '2026-11-23T08:15:30.250Z',
    } as const;
    return { reference, bytes };
  }

  flush(): void {
    if (!this.#client.connected) return;
    const all = [...this.waiting.values()].slice(0, 300);
    for (const message of all.sort(() => this.#next() - 0.5))
      for (let n = this.#next() < 0.1 ? 2 : 1; n > 0; n--)
        this.#client.publish(message.topic, message.payload, { qos: 1 }, () => {});
  }

  end(): Promise<void> {
    return this.#client.endAsync(true);
  }
}

/** Damage is seen at so many places at a time, and after so many detections at another one. */
const PLACES = 40;

const SAME_PLACES = 10;
