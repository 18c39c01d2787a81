/** A broker that answers for a gateway: everything is stored at once, and what came is told; a file that came in parts, when it is whole. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  type Ack,
  agentTopics,
  type ParsedTopic,
  parseTopic,
  sha256,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { Aedes } from 'aedes';

export interface Broker {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startBroker(onMessage: (topic: string, payload: Buffer) => void): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const answer = ({ site, agent }: Pick<ParsedTopic, 'site' | 'agent'>, ...payloads: Buffer[]): void => {
    const ack: Ack = { v: WIRE_VERSION, stored: payloads.map((payload) => sha256(payload)), refused: [] };
    const topic = agentTopics(site, agent).ack;
    aedes.publish(
      { cmd: 'publish', topic, payload: Buffer.from(JSON.stringify(ack)), qos: 1, dup: false, retain: false },
      () => {},
    );
  };
  const parts = new Parts();
  aedes.on('publish', (packet, client) => {
    if (client === null) return;
    const payload = Buffer.from(packet.payload);
    const from = parseTopic(packet.topic);
    if (from?.kind === 'evidence-part') {
      const whole = parts.add(from, payload);
      if (whole !== null) {
        const { camera, owner, name } = from;
        onMessage(agentTopics(from.site, from.agent).evidence(camera, owner, name), whole);
      }
      answer(from, payload, ...(whole === null ? [] : [whole]));
      return;
    }
    onMessage(packet.topic, payload);
    if (from !== null && !packet.retain) answer(from, payload);
  });
  const server = createServer((socket) => aedes.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      await new Promise<void>((resolve) => aedes.close(resolve));
      server.close();
    },
  };
}

/** Files that come in parts. */
class Parts {
  /** By the SHA-256 of the whole. */
  readonly #files = new Map<string, { readonly bytes: Buffer; readonly missing: Buffer }>();

  /** The file, once it is whole. */
  add(
    { part: { sha256: name, start, total } }: Extract<ParsedTopic, { kind: 'evidence-part' }>,
    payload: Buffer,
  ): Buffer | null {
    const file = this.#files.get(name) ?? { bytes: Buffer.alloc(total), missing: Buffer.alloc(total, 1) };
    this.#files.set(name, file);
    payload.copy(file.bytes, start);
    file.missing.fill(0, start, start + payload.length);
    if (file.missing.includes(1)) return null;
    this.#files.delete(name);
    return file.bytes;
  }
}
