/** Somebody who answers as a gateway does, as a client of a broker. */
import { agentTopics, sha256, WIRE_VERSION } from '@roadwatch/contract';
import { connectAsync } from 'mqtt';
import { onTestFinished } from 'vitest';

const topics = agentTopics('site', 'box');

/** Wakes whoever waits for something to have happened. */
export class Bell {
  #waiters = new Set<() => void>();
  ring(): void {
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }
}

/** What a gateway does at each broker: stores what it has not yet, and says so there. */
export async function gatewayAt(
  port: number,
  stored: Map<string, string[]>,
  bell: Bell,
): Promise<readonly string[]> {
  const statuses: string[] = [];
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50 });
  client.on('error', () => {});
  onTestFinished(() => client.endAsync(true));
  client.on('message', (topic, payload) => {
    if (topic === topics.status) statuses.push((JSON.parse(payload.toString()) as { state: string }).state);
    else {
      const hash = sha256(payload);
      stored.set(hash, [...(stored.get(hash) ?? []), payload.toString()]);
      const ack = { v: WIRE_VERSION, stored: [hash], refused: [] };
      client.publish(topics.ack, JSON.stringify(ack), { qos: 1 });
    }
    bell.ring();
  });
  await client.subscribeAsync([topics.detections('camera-1'), topics.status], { qos: 1 });
  return statuses;
}
